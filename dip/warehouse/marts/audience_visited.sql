-- audience_visited: not published, for audience_elsewhere
-- grain: production × theatre
-- measures: buyers (known in the sector), elsewhere (of them, who bought at another organisation in the season too), organisations (where those
--   bought)
-- definitions: audience_elsewhere
SELECT
    v.production,
    v.theatre,
    coalesce(t.organisation, -v.theatre) AS organisation,
    sum(CASE WHEN p.organisation = coalesce(t.organisation, -v.theatre) THEN 1 ELSE 0 END) AS buyers,
    sum(CASE WHEN p.organisation = coalesce(t.organisation, -v.theatre) AND p.places >= 2 THEN 1 ELSE 0 END) AS elsewhere,
    count(DISTINCT CASE WHEN p.places >= 2 THEN p.organisation END) AS organisations
FROM audience_visitor AS v
INNER JOIN audience_place AS p ON p.buyer = v.buyer
LEFT JOIN dim_theatre AS t ON t.id = v.theatre
WHERE v.scope = 2
GROUP BY v.production, v.theatre, coalesce(t.organisation, -v.theatre)
