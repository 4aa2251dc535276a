-- lead_row: published per season with each edition, sorted by theatre. Never shown raw.
-- grain: one performance that counts in lead times: public, not cancelled, coupled, in the country, its quarter closed, something
--   sold, and followed from the beginning: its first figures held no more than `lead_first_max` of the final tickets
-- measures: tickets (final: the state on the day after), and kept: per day of lead_grid, nearest first, how many of the final
--   tickets were sold by the close of that day. A ticket that comes back later was not sold by then.
-- definitions: lead_time, lead_share, days_before
WITH point AS (
    SELECT
        p.performance,
        g.days,
        least(greatest(s.sold, 0), f.tickets) AS sold
    FROM performance AS p
    INNER JOIN (
        SELECT performance, greatest(sold, 0) AS tickets
        FROM (
            SELECT
                s.performance,
                s.sold,
                row_number() OVER (PARTITION BY s.performance ORDER BY s.sales_date DESC) AS place
            FROM state AS s
            INNER JOIN performance AS q ON q.performance = s.performance AND s.sales_date <= q.performance_date + 1
        ) AS states
        WHERE place = 1
    ) AS f ON f.performance = p.performance AND f.tickets > 0
    INNER JOIN (
        SELECT performance, sold
        FROM (
            SELECT performance, sold, row_number() OVER (PARTITION BY performance ORDER BY sales_date) AS place
            FROM state
            WHERE sales_date > DATE '0001-01-01' AND sold IS NOT NULL
        ) AS states
        WHERE place = 1
    ) AS b ON b.performance = p.performance
    CROSS JOIN run
    CROSS JOIN lead_grid AS g
    INNER JOIN state AS s
        ON s.performance = p.performance
        AND s.sales_date <= CASE WHEN g.days = 0 THEN p.performance_date + 1 ELSE p.performance_date - g.days END
        AND (s.next_date IS NULL OR s.next_date > CASE WHEN g.days = 0 THEN p.performance_date + 1 ELSE p.performance_date - g.days END)
    WHERE NOT p.is_cancelled AND NOT p.is_private AND p.is_coupled AND p.is_national AND p.is_followed
        AND p.performance_date < run.closed_until AND b.sold <= run.lead_first_max * f.tickets
),

kept AS (
    SELECT
        performance,
        days,
        min(sold) OVER (PARTITION BY performance ORDER BY days ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS sold
    FROM point
),

line AS (
    SELECT performance, max(sold) AS tickets, array_agg(sold ORDER BY days) AS kept
    FROM kept
    GROUP BY performance
)

SELECT
    p.genre,
    coalesce(p.province, 0) AS province,
    p.theatre,
    p.production,
    p.producer,
    p.office,
    CAST(extract(isodow FROM p.performance_date) AS SMALLINT) AS weekday,
    CAST(extract(month FROM p.performance_date) AS SMALLINT) AS month,
    CASE
        WHEN s.recette_cents < c.low * s.sold THEN 1
        WHEN s.recette_cents < c.middle * s.sold THEN 2
        WHEN s.recette_cents < c.high * s.sold THEN 3
        ELSE 4
    END AS price,
    p.size + 1 AS size,
    line.tickets,
    line.kept
FROM line
INNER JOIN performance AS p ON p.performance = line.performance
INNER JOIN state AS s ON s.performance = p.performance AND s.next_date IS NULL
CROSS JOIN price_class AS c
ORDER BY p.theatre, p.production, p.performance
