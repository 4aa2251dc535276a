-- audience_line: not published, for audience_cell
-- grain: production × days from sale to performance × kind × class of what was paid × whether the buyer is known
-- measures: tickets (sold)
-- definitions: audience_lead_time, audience_kind, audience_price
SELECT
    t.production,
    CASE
        WHEN t.performance_date - DATE '1970-01-01' - h.local_day >= 181 THEN 5
        WHEN t.performance_date - DATE '1970-01-01' - h.local_day >= 91 THEN 4
        WHEN t.performance_date - DATE '1970-01-01' - h.local_day >= 31 THEN 3
        WHEN t.performance_date - DATE '1970-01-01' - h.local_day >= 8 THEN 2
        WHEN t.performance_date - DATE '1970-01-01' - h.local_day >= 1 THEN 1
        ELSE 0
    END AS lead,
    t.kind,
    CASE
        WHEN t.price_cents <= 0 THEN 0
        WHEN t.price_cents < 1500 THEN 1
        WHEN t.price_cents < 2500 THEN 2
        WHEN t.price_cents < 3500 THEN 3
        ELSE 4
    END AS price,
    CASE WHEN t.buyer = 0 THEN 0 ELSE 1 END AS known,
    count(*) AS tickets
FROM ticket AS t
INNER JOIN audience_hour AS h ON h.sold_hour = t.sold_hour
WHERE t.state = 1
GROUP BY 1, 2, 3, 4, 5
