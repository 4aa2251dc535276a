-- curve: published per season, sorted by genre, performance, days before
-- grain: performance × day of the grid before it, for performances that count in bands: public, not cancelled, coupled, in the
--   country, with figures from before its end; only days whose sales day has closed. Day 0 is the final state: as on the day after.
-- measures: fill = sold / for_sale (0..1, 0 without seats), sold, for_sale = capacity − blocked, recette_cents, reserved, blocked,
--   capacity. Before the first figure nothing is sold and the agreed capacity is for sale.
-- definitions: tickets_sold, for_sale, occupancy_paid, recette, reservations, blocked, capacity, days_before
SELECT
    s.performance,
    s.production,
    s.genre,
    s.size,
    s.theatre,
    s.producer,
    s.office,
    s.is_played,
    g.days AS days_before,
    s.sold,
    greatest(s.capacity - s.blocked, 0) AS for_sale,
    s.recette_cents,
    s.reserved,
    s.blocked,
    s.capacity,
    CASE WHEN s.capacity > s.blocked THEN least(greatest(s.sold / (s.capacity - s.blocked), 0), 1) ELSE 0 END AS fill
FROM (
    SELECT
        p.performance,
        p.production,
        p.genre,
        p.size,
        p.theatre,
        p.producer,
        p.office,
        p.is_played,
        p.performance_date,
        state.sold,
        state.recette_cents,
        state.reserved,
        state.blocked,
        state.capacity,
        greatest(p.performance_date - state.sales_date, 0) AS from_days,
        CASE
            WHEN state.next_date IS NULL OR p.performance_date - state.next_date < -1 THEN -1
            ELSE greatest(p.performance_date - state.next_date, 0)
        END AS until_days
    FROM state
    INNER JOIN performance AS p ON p.performance = state.performance
    WHERE p.performance_date - state.sales_date >= -1
        AND NOT p.is_cancelled AND NOT p.is_private AND p.is_coupled AND p.is_national AND p.is_followed
) AS s
CROSS JOIN run
INNER JOIN grid AS g ON g.days <= s.from_days AND g.days > s.until_days
WHERE s.from_days > s.until_days AND s.performance_date - g.days < run.today
ORDER BY s.genre, s.performance, g.days DESC
