-- cell: published per season, sorted by genre, province, production. Never shown raw: the door sums it and applies the rules.
-- grain: genre × province × theatre (holding) × production, with its producer and office; performances with figures, public,
--   not cancelled, in the country, played or not
-- measures: performances, tickets (paid), recette_cents, for_sale = capacity − blocked, as at the newest state
-- definitions: tickets_sold, recette, for_sale, market_share
SELECT
    p.genre,
    p.province,
    p.theatre,
    p.production,
    p.producer,
    p.office,
    count(*) AS performances,
    CAST(sum(greatest(s.sold, 0)) AS BIGINT) AS tickets,
    CAST(sum(greatest(s.recette_cents, 0)) AS BIGINT) AS recette_cents,
    CAST(sum(greatest(s.capacity - s.blocked, 0)) AS BIGINT) AS for_sale
FROM performance AS p
INNER JOIN state AS s ON s.performance = p.performance AND s.next_date IS NULL
WHERE p.has_figures AND NOT p.is_cancelled AND NOT p.is_private AND p.is_national
GROUP BY p.genre, p.province, p.theatre, p.production, p.producer, p.office
ORDER BY p.genre, p.province, p.production
