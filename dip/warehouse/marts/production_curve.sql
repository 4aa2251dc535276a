-- production_curve: published per season, sorted by days before, genre, production
-- grain: production × day of the grid
-- measures: sums over the performances of curve (performances, sold, for_sale, recette_cents, reserved, blocked, capacity), the
--   number of theatres with sales, and the three largest of them by tickets and by seats, so that one can be taken out
-- definitions: occupancy_paid, recette, average_price, reservations, blocked, colleagues_mean
SELECT
    run.season_year,
    c.production,
    c.genre,
    c.producer,
    c.office,
    c.days_before,
    c.performances,
    c.played,
    c.sold,
    c.for_sale,
    c.recette_cents,
    c.reserved,
    c.blocked,
    c.capacity,
    t.selling,
    t.seated,
    t.sold_1, t.sold_1_theatre, t.sold_2, t.sold_2_theatre, t.sold_3,
    t.seats_1, t.seats_1_theatre, t.seats_2, t.seats_2_theatre, t.seats_3
FROM (
    SELECT
        production,
        genre,
        producer,
        office,
        days_before,
        count(*) AS performances,
        CAST(sum(CASE WHEN is_played THEN 1 ELSE 0 END) AS BIGINT) AS played,
        CAST(sum(sold) AS BIGINT) AS sold,
        CAST(sum(for_sale) AS BIGINT) AS for_sale,
        CAST(sum(recette_cents) AS BIGINT) AS recette_cents,
        CAST(sum(reserved) AS BIGINT) AS reserved,
        CAST(sum(blocked) AS BIGINT) AS blocked,
        CAST(sum(capacity) AS BIGINT) AS capacity
    FROM curve
    GROUP BY production, genre, producer, office, days_before
) AS c
INNER JOIN (
    SELECT
        production,
        days_before,
        CAST(sum(CASE WHEN sold > 0 THEN 1 ELSE 0 END) AS BIGINT) AS selling,
        CAST(sum(CASE WHEN for_sale > 0 THEN 1 ELSE 0 END) AS BIGINT) AS seated,
        max(CASE WHEN by_sold = 1 THEN sold END) AS sold_1,
        max(CASE WHEN by_sold = 1 THEN theatre END) AS sold_1_theatre,
        max(CASE WHEN by_sold = 2 THEN sold END) AS sold_2,
        max(CASE WHEN by_sold = 2 THEN theatre END) AS sold_2_theatre,
        max(CASE WHEN by_sold = 3 THEN sold END) AS sold_3,
        max(CASE WHEN by_seats = 1 THEN for_sale END) AS seats_1,
        max(CASE WHEN by_seats = 1 THEN theatre END) AS seats_1_theatre,
        max(CASE WHEN by_seats = 2 THEN for_sale END) AS seats_2,
        max(CASE WHEN by_seats = 2 THEN theatre END) AS seats_2_theatre,
        max(CASE WHEN by_seats = 3 THEN for_sale END) AS seats_3
    FROM (
        SELECT
            *,
            row_number() OVER (PARTITION BY production, days_before ORDER BY sold DESC, theatre) AS by_sold,
            row_number() OVER (PARTITION BY production, days_before ORDER BY for_sale DESC, theatre) AS by_seats
        FROM tour
    ) AS places
    GROUP BY production, days_before
) AS t ON t.production = c.production AND t.days_before = c.days_before
CROSS JOIN run
ORDER BY c.days_before, c.genre, c.production
