-- performance: intermediate, not published
-- grain: one published or cancelled performance of the season in `run`
-- measures: capacity (newest gross seats), agreed (gross seats before a system states any), size (class of the hall by capacity)
--   is_followed: figures came while it was sold, not only afterwards
-- definitions: capacity
-- theatre is a holding: the organisation behind it, or minus the theatre's own id; office is the agency, or else the producer
SELECT
    p.number AS performance,
    p.production,
    n.genre,
    p.performance_date,
    h.holding AS theatre,
    h.organisation AS theatre_organisation,
    h.province,
    h.is_national,
    n.producer,
    coalesce(n.agency, n.producer) AS office,
    coalesce(newest.seats, nullif(p.capacity, 0), a.capacity, 0) AS capacity,
    coalesce(nullif(p.capacity, 0), nullif(a.capacity, 0), newest.seats, 0) AS agreed,
    CASE
        WHEN coalesce(newest.seats, nullif(p.capacity, 0), a.capacity, 0) < 200 THEN 0
        WHEN coalesce(newest.seats, nullif(p.capacity, 0), a.capacity, 0) < 500 THEN 1
        ELSE 2
    END AS size,
    p.status = 'cancelled' AS is_cancelled,
    p.is_private,
    h.is_coupled,
    p.performance_date < run.today AS is_played,
    figures.performance IS NOT NULL AS has_figures,
    coalesce(figures.first_date <= p.performance_date + 1, FALSE) AS is_followed
FROM dim_performance AS p
CROSS JOIN run
INNER JOIN dim_production AS n ON n.id = p.production
INNER JOIN dim_theatre AS h ON h.id = p.theatre
LEFT JOIN dim_hall AS a ON a.id = p.hall
LEFT JOIN (
    SELECT performance, seats
    FROM (
        SELECT
            performance,
            seats,
            row_number() OVER (PARTITION BY performance ORDER BY sales_date DESC) AS place
        FROM closing
        WHERE measure = 4
    ) AS states
    WHERE place = 1
) AS newest ON newest.performance = p.number
LEFT JOIN (
    SELECT performance, min(sales_date) AS first_date
    FROM closing
    WHERE measure = 1
    GROUP BY performance
) AS figures ON figures.performance = p.number
WHERE p.season_year = run.season_year AND p.status <> 'concept'
