-- audience_nation_area: published per season, sorted by pc4
-- grain: PC4 (0 unknown), over all theatres; a buyer counts at each theatre where it bought
-- measures: buyers, visits, organisations (that have some), largest (buyers of the organisation that has most)
-- definitions: audience_origin, audience_penetration, audience_underserved
SELECT
    a.pc4,
    CAST(sum(a.buyers) AS INTEGER) AS buyers,
    CAST(sum(a.visits) AS BIGINT) AS visits,
    CAST(count(*) AS INTEGER) AS organisations,
    CAST(max(a.buyers) AS INTEGER) AS largest
FROM (
    SELECT a.pc4, coalesce(t.organisation, -a.theatre) AS organisation, sum(a.buyers) AS buyers, sum(a.visits) AS visits
    FROM audience_area AS a
    LEFT JOIN dim_theatre AS t ON t.id = a.theatre
    GROUP BY a.pc4, coalesce(t.organisation, -a.theatre)
) AS a
GROUP BY a.pc4
ORDER BY a.pc4
