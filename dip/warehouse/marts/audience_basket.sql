-- audience_basket: published per theatre and season, sorted by production, other
-- grain: production × another production, or itself for all its buyers; only where ten buyers or more bought both. Production 0: all buyers
-- measures: buyers (who bought both at the theatre)
-- definitions: audience_together
SELECT
    run.theatre,
    run.season_year,
    CAST(p.production AS INTEGER) AS production,
    CAST(p.other AS INTEGER) AS other,
    CAST(p.buyers AS INTEGER) AS buyers
FROM (
    SELECT a.production, b.production AS other, count(*) AS buyers
    FROM audience_visitor AS a
    INNER JOIN audience_visitor AS b ON b.buyer = a.buyer
    GROUP BY a.production, b.production
    HAVING count(*) >= 10
    UNION ALL
    SELECT 0 AS production, 0 AS other, count(*) AS buyers
    FROM audience_buyer
) AS p
CROSS JOIN run
ORDER BY 3, 4
