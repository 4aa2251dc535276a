-- audience_sale: not published, for audience_cell
-- grain: production (0: the whole theatre) × part × code of the part, of orders and tickets
-- measures: amount (orders for parts 4, 6, 9 and codes 1 and 4 of part 20; tickets for the others)
-- definitions: audience_orders, audience_party, audience_lead_time, audience_moment, audience_kind, audience_price, audience_channel
SELECT t.production * e.part_of AS production, p.part, CASE p.part
    WHEN 5 THEN t.lead
    WHEN 7 THEN t.kind
    WHEN 8 THEN t.price
    ELSE 2
END AS code, sum(t.tickets) AS amount
FROM audience_line AS t
CROSS JOIN (VALUES (0), (1)) AS e (part_of)
CROSS JOIN (VALUES (5), (7), (8), (20)) AS p (part)
GROUP BY 1, 2, 3
UNION ALL
SELECT t.production * e.part_of AS production, 20 AS part, 5 AS code, sum(t.tickets) AS amount
FROM audience_line AS t
CROSS JOIN (VALUES (0), (1)) AS e (part_of)
WHERE t.known = 0
GROUP BY 1
UNION ALL
SELECT o.production * e.part_of AS production, 4 AS part, o.party AS code, count(*) AS amount
FROM audience_order AS o
CROSS JOIN (VALUES (0), (1)) AS e (part_of)
GROUP BY 1, 3
UNION ALL
SELECT o.production, p.part, CASE p.part WHEN 6 THEN o.moment WHEN 9 THEN o.channel ELSE 1 END AS code, count(*) AS amount
FROM (
    SELECT o.source, o.order_key, o.production * e.part_of AS production, min(o.moment) AS moment, max(o.channel) AS channel
    FROM audience_order AS o
    CROSS JOIN (VALUES (0), (1)) AS e (part_of)
    GROUP BY 1, 2, 3
) AS o
CROSS JOIN (VALUES (6), (9), (20)) AS p (part)
GROUP BY 1, 2, 3
UNION ALL
SELECT o.production, 20 AS part, 4 AS code, count(*) AS amount
FROM (
    SELECT DISTINCT o.source, o.order_key, o.production * e.part_of AS production
    FROM audience_order AS o
    CROSS JOIN (VALUES (0), (1)) AS e (part_of)
    WHERE o.has_postcode = 1
) AS o
GROUP BY 1
