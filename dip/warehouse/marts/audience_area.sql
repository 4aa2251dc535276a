-- audience_area: published per theatre and season, sorted by pc4
-- grain: PC4 (0 unknown) of buyers with a sold ticket
-- measures: buyers, visits (performances by buyers)
-- definitions: audience_origin, audience_penetration, audience_underserved
SELECT
    run.theatre,
    run.season_year,
    CAST(b.pc4 AS USMALLINT) AS pc4,
    CAST(b.buyers AS INTEGER) AS buyers,
    CAST(b.visits AS INTEGER) AS visits
FROM (
    SELECT pc4, count(*) AS buyers, sum(visits) AS visits
    FROM audience_buyer
    GROUP BY pc4
) AS b
CROSS JOIN run
ORDER BY b.pc4
