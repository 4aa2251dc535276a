-- state: intermediate, not published
-- grain: performance × sales day on which a figure closed differently, with a first row for the time before any figure
-- measures: sold, recette_cents, reserved, blocked, capacity, each as the newest closed one; next_date is the following row's day
-- definitions: tickets_sold, recette, reservations, blocked, capacity
SELECT
    performance,
    sales_date,
    last_value(sold IGNORE NULLS) OVER days AS sold,
    last_value(recette_cents IGNORE NULLS) OVER days AS recette_cents,
    last_value(reserved IGNORE NULLS) OVER days AS reserved,
    last_value(blocked IGNORE NULLS) OVER days AS blocked,
    last_value(capacity IGNORE NULLS) OVER days AS capacity,
    lead(sales_date) OVER days AS next_date
FROM (
    SELECT
        c.performance,
        c.sales_date,
        max(CASE WHEN c.measure = 1 THEN c.sold END) AS sold,
        max(CASE WHEN c.measure = 1 THEN c.recette_cents END) AS recette_cents,
        max(CASE WHEN c.measure = 2 THEN c.seats END) AS reserved,
        max(CASE WHEN c.measure = 3 THEN c.seats END) AS blocked,
        max(CASE WHEN c.measure = 4 THEN c.seats END) AS capacity
    FROM closing AS c
    INNER JOIN performance AS p ON p.performance = c.performance AND p.has_figures
    GROUP BY c.performance, c.sales_date
    UNION ALL
    SELECT performance, DATE '0001-01-01', 0, 0, 0, 0, agreed
    FROM performance
    WHERE has_figures
) AS points
WINDOW days AS (PARTITION BY performance ORDER BY sales_date)
