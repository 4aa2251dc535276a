-- lead_performance: intermediate, not published
-- grain: one performance that may count in lead times: public, not cancelled, coupled, in the country, its quarter closed, with
--   figures from before its end
-- measures: none; codes as in trend_row
-- definitions: lead_time, price_class
SELECT
    p.performance,
    p.genre,
    coalesce(p.province, 0) AS province,
    p.theatre,
    p.production,
    p.producer,
    p.office,
    CAST(extract(isodow FROM p.performance_date) AS SMALLINT) AS weekday,
    CAST(extract(month FROM p.performance_date) AS SMALLINT) AS month,
    CASE
        WHEN s.sold <= 0 OR s.recette_cents < c.low * s.sold THEN 1
        WHEN s.recette_cents < c.middle * s.sold THEN 2
        WHEN s.recette_cents < c.high * s.sold THEN 3
        ELSE 4
    END AS price,
    p.size + 1 AS size,
    p.performance_date
FROM performance AS p
INNER JOIN state AS s ON s.performance = p.performance AND s.next_date IS NULL
CROSS JOIN run
CROSS JOIN price_class AS c
WHERE NOT p.is_cancelled AND NOT p.is_private AND p.is_coupled AND p.is_national AND p.is_followed
    AND p.performance_date < run.closed_until
ORDER BY p.theatre, p.production, p.performance
