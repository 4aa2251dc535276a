-- trend_row: published per season with each edition, sorted by theatre. Never shown raw: own figures are summed from it, and national ones beside it.
-- grain: genre × province × theatre (holding) × production, with its producer and office × weekday × month × price class × hall
--   size × whether the quarter has closed; performances with figures, public, not cancelled, in the country
-- measures: performances, coupled (those in coupled theatres), tickets (paid), recette_cents, for_sale = capacity − blocked, as at
--   the newest state. Codes: weekday 1 is Monday; price 1 to 4 by what a sold ticket brought in, 1 also when none was sold; size 1 to 3
-- definitions: tickets_sold, recette, for_sale, price_class
SELECT
    genre,
    province,
    theatre,
    production,
    producer,
    office,
    weekday,
    month,
    price,
    size,
    is_closed,
    count(*) AS performances,
    CAST(sum(CASE WHEN is_coupled THEN 1 ELSE 0 END) AS BIGINT) AS coupled,
    CAST(sum(tickets) AS BIGINT) AS tickets,
    CAST(sum(recette_cents) AS BIGINT) AS recette_cents,
    CAST(sum(for_sale) AS BIGINT) AS for_sale
FROM (
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
            WHEN s.sold <= 0 OR s.recette_cents < c.low * s.sold THEN 1
            WHEN s.recette_cents < c.middle * s.sold THEN 2
            WHEN s.recette_cents < c.high * s.sold THEN 3
            ELSE 4
        END AS price,
        p.size + 1 AS size,
        p.performance_date < run.closed_until AS is_closed,
        p.is_coupled,
        greatest(s.sold, 0) AS tickets,
        greatest(s.recette_cents, 0) AS recette_cents,
        greatest(s.capacity - s.blocked, 0) AS for_sale
    FROM performance AS p
    INNER JOIN state AS s ON s.performance = p.performance AND s.next_date IS NULL
    CROSS JOIN run
    CROSS JOIN price_class AS c
    WHERE p.has_figures AND NOT p.is_cancelled AND NOT p.is_private AND p.is_national
) AS played
GROUP BY genre, province, theatre, production, producer, office, weekday, month, price, size, is_closed
ORDER BY theatre, production, genre, month, weekday, price, size, is_closed
