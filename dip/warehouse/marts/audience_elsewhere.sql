-- audience_elsewhere: published per season, sorted by production, genre, theatre
-- grain: production × theatre; and genre × production 0 × theatre 0, its productions added up
-- measures: buyers (known in the sector), elsewhere (of them, who bought at another organisation in the season too), organisations (where those
--   bought; of a genre: that have some), largest (of a genre: elsewhere of the organisation that has most)
-- definitions: audience_elsewhere
SELECT
    CAST(coalesce(d.genre, 0) AS INTEGER) AS genre,
    CAST(v.production AS INTEGER) AS production,
    CAST(v.theatre AS INTEGER) AS theatre,
    CAST(v.buyers AS INTEGER) AS buyers,
    CAST(v.elsewhere AS INTEGER) AS elsewhere,
    CAST(v.organisations AS INTEGER) AS organisations,
    0 AS largest
FROM audience_visited AS v
LEFT JOIN dim_production AS d ON d.id = v.production
UNION ALL
SELECT
    CAST(g.genre AS INTEGER) AS genre,
    0 AS production,
    0 AS theatre,
    CAST(sum(g.buyers) AS INTEGER) AS buyers,
    CAST(sum(g.elsewhere) AS INTEGER) AS elsewhere,
    CAST(count(*) AS INTEGER) AS organisations,
    CAST(max(g.elsewhere) AS INTEGER) AS largest
FROM (
    SELECT coalesce(d.genre, 0) AS genre, v.organisation, sum(v.buyers) AS buyers, sum(v.elsewhere) AS elsewhere
    FROM audience_visited AS v
    LEFT JOIN dim_production AS d ON d.id = v.production
    GROUP BY coalesce(d.genre, 0), v.organisation
) AS g
GROUP BY g.genre
ORDER BY 2, 1, 3
