-- audience_together: published per season, sorted by production, other
-- grain: production × another production, or itself for all its buyers; only where ten buyers or more of three organisations bought both
-- measures: buyers (known in the sector, who bought both), organisations (that sold the first)
-- definitions: audience_together
SELECT
    a.production,
    b.production AS other,
    CAST(count(*) AS INTEGER) AS buyers,
    CAST(count(DISTINCT a.organisation) AS INTEGER) AS organisations
FROM audience_bought AS a
INNER JOIN audience_bought AS b ON b.buyer = a.buyer
GROUP BY a.production, b.production
HAVING count(*) >= 10 AND count(DISTINCT a.organisation) >= 3
ORDER BY a.production, b.production
