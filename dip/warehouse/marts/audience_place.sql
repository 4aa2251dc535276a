-- audience_place: not published, for audience_spread
-- grain: buyer known in the sector × organisation where it bought
-- measures: places (organisations where the buyer bought in the season)
-- definitions: audience_overlap
SELECT v.buyer, v.organisation, count(*) OVER (PARTITION BY v.buyer) AS places
FROM (
    SELECT DISTINCT v.buyer, coalesce(t.organisation, -v.theatre) AS organisation
    FROM audience_visitor AS v
    LEFT JOIN dim_theatre AS t ON t.id = v.theatre
    WHERE v.scope = 2
) AS v
