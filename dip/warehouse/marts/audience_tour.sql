-- audience_tour: published per season, sorted by production, part, code
-- grain: production × part × code of audience_cell, over all theatres, each buyer once
-- measures: amount (unit of the part), organisations (that have some)
-- definitions: audience_orders, audience_buyers, audience_new, audience_stage, audience_taste, audience_party, audience_lead_time, audience_moment,
--   audience_kind, audience_price, audience_channel, audience_age, audience_gender, audience_frequency
SELECT
    CAST(c.production AS INTEGER) AS production,
    CAST(c.part AS UTINYINT) AS part,
    CAST(c.code AS UTINYINT) AS code,
    CAST(sum(c.amount) AS INTEGER) AS amount,
    CAST(sum(c.organisations) AS INTEGER) AS organisations
FROM (
    SELECT a.production, a.part, a.code, sum(a.amount) AS amount, count(DISTINCT coalesce(t.organisation, -a.theatre)) AS organisations
    FROM audience_cell AS a
    LEFT JOIN dim_theatre AS t ON t.id = a.theatre
    WHERE a.production <> 0 AND (a.part BETWEEN 4 AND 9 OR (a.part = 20 AND a.code <> 3))
    GROUP BY a.production, a.part, a.code
    UNION ALL
    SELECT g.production, g.part, g.code, sum(g.buyers) AS amount, 0 AS organisations
    FROM (
        SELECT b.production, p.part, b.buyers, CASE p.part
            WHEN 1 THEN b.arrival
            WHEN 2 THEN b.stage
            WHEN 3 THEN b.taste
            WHEN 10 THEN b.age
            WHEN 11 THEN b.gender
            WHEN 12 THEN b.frequency
            ELSE 3
        END AS code
        FROM (
            SELECT production, arrival, stage, taste, age, gender, frequency, count(*) AS buyers
            FROM audience_guest
            GROUP BY production, arrival, stage, taste, age, gender, frequency
        ) AS b
        CROSS JOIN (VALUES (1), (2), (3), (10), (11), (12), (20)) AS p (part)
    ) AS g
    GROUP BY g.production, g.part, g.code
    UNION ALL
    SELECT o.production, o.part, o.code, 0 AS amount, count(DISTINCT o.organisation) AS organisations
    FROM (
        SELECT b.production, b.organisation, p.part, CASE p.part
            WHEN 1 THEN b.arrival
            WHEN 2 THEN b.stage
            WHEN 3 THEN b.taste
            WHEN 10 THEN b.age
            WHEN 11 THEN b.gender
            WHEN 12 THEN b.frequency
            ELSE 3
        END AS code
        FROM (
            SELECT DISTINCT
                g.production, coalesce(t.organisation, -v.theatre) AS organisation, g.arrival, g.stage, g.taste, g.age, g.gender, g.frequency
            FROM audience_visitor AS v
            INNER JOIN audience_guest AS g ON g.production = v.production AND g.buyer = v.buyer
            LEFT JOIN dim_theatre AS t ON t.id = v.theatre
        ) AS b
        CROSS JOIN (VALUES (1), (2), (3), (10), (11), (12), (20)) AS p (part)
    ) AS o
    GROUP BY o.production, o.part, o.code
) AS c
GROUP BY c.production, c.part, c.code
ORDER BY 1, 2, 3
