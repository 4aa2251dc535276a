-- audience_flow: published per season, sorted by province, pc4
-- grain: province of the theatre (0 unknown) × PC4 of the buyer (0 unknown), over all theatres; a buyer counts at each theatre where it bought
-- measures: buyers, organisations (that have some), largest (buyers of the organisation that has most)
-- definitions: audience_origin, audience_flow
SELECT
    CAST(a.province AS INTEGER) AS province,
    a.pc4,
    CAST(sum(a.buyers) AS INTEGER) AS buyers,
    CAST(count(*) AS INTEGER) AS organisations,
    CAST(max(a.buyers) AS INTEGER) AS largest
FROM (
    SELECT coalesce(t.province, 0) AS province, a.pc4, coalesce(t.organisation, -a.theatre) AS organisation, sum(a.buyers) AS buyers
    FROM audience_area AS a
    LEFT JOIN dim_theatre AS t ON t.id = a.theatre
    GROUP BY coalesce(t.province, 0), a.pc4, coalesce(t.organisation, -a.theatre)
) AS a
GROUP BY a.province, a.pc4
ORDER BY a.province, a.pc4
