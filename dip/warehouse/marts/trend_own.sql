-- trend_own: intermediate, not published
-- grain: cell of trend_reach × viewer × theatre (holding) × producer × office, for the organisations that see figures of their own in
--   it: of their theatres, and of the productions of which they are producer, agency or co-producer
-- measures: x, y and z of the viewer's own part
-- definitions: none
WITH viewer AS (
    SELECT DISTINCT theatre, production, theatre AS viewer
    FROM trend_source
    WHERE theatre > 0
    UNION
    SELECT r.theatre, r.production, q.organisation AS viewer
    FROM trend_source AS r
    INNER JOIN dim_party AS q ON q.production = r.production
)

SELECT
    r.cell,
    v.viewer,
    r.theatre,
    r.producer,
    r.office,
    CAST(sum(r.x) AS BIGINT) AS x,
    CAST(sum(r.y) AS BIGINT) AS y,
    CAST(sum(r.z) AS BIGINT) AS z
FROM trend_reach AS r
INNER JOIN viewer AS v ON v.theatre = r.theatre AND v.production = r.production
GROUP BY r.cell, v.viewer, r.theatre, r.producer, r.office
