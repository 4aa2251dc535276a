-- party: published per season, sorted by organisation
-- grain: organisation × production × side, for everybody who sees figures of the production: on side 'provider' its producer, agency
--   and co-producers (all its figures), on side 'theatre' the organisations in whose theatres it plays (their own part)
-- measures: none
-- definitions: none
SELECT DISTINCT organisation, production, side
FROM (
    SELECT q.organisation, q.production, 'provider' AS side
    FROM dim_party AS q
    INNER JOIN performance AS p ON p.production = q.production
    UNION ALL
    SELECT theatre_organisation AS organisation, production, 'theatre' AS side
    FROM performance
    WHERE theatre_organisation IS NOT NULL
) AS sides
ORDER BY organisation, side, production
