-- trend_reach: intermediate, not published
-- grain: cell × theatre (holding) × production, with its producer and office. A cell is a dimension, a value of it, a genre or all, a
--   stratum (genre and hall size) or all, and a quarter (99: what has not closed) or the whole: one for each row of trend_axis that reaches a row of trend_source
-- measures: performances, coupled, the three that must each keep the rules: x, y and z, and the same disturbed: u, v and w
-- definitions: none
SELECT
    a.dimension * 1000000000000 + CAST(CASE a.dimension
        WHEN 1 THEN r.province
        WHEN 2 THEN r.weekday
        WHEN 3 THEN r.month
        WHEN 4 THEN r.price
        WHEN 5 THEN r.size
        ELSE 0
    END AS BIGINT) * 1000000000
    + CAST(CASE WHEN a.by_genre THEN r.genre ELSE 0 END AS BIGINT) * 1000000
    + CAST(CASE WHEN a.by_stratum THEN r.genre * 4 + r.size ELSE 0 END AS BIGINT) * 1000
    + CASE
        WHEN NOT a.by_quarter THEN 0
        WHEN NOT r.is_closed THEN 99
        WHEN r.month BETWEEN 2 AND 4 THEN 1
        WHEN r.month BETWEEN 5 AND 7 THEN 2
        WHEN r.month BETWEEN 8 AND 10 THEN 3
        ELSE 4
    END AS cell,
    r.theatre,
    r.production,
    r.producer,
    r.office,
    CAST(sum(r.performances) AS BIGINT) AS performances,
    CAST(sum(r.coupled) AS BIGINT) AS coupled,
    CAST(sum(r.x) AS BIGINT) AS x,
    CAST(sum(r.y) AS BIGINT) AS y,
    CAST(sum(r.z) AS BIGINT) AS z,
    CAST(sum(r.u) AS BIGINT) AS u,
    CAST(sum(r.v) AS BIGINT) AS v,
    CAST(sum(r.w) AS BIGINT) AS w
FROM trend_source AS r
INNER JOIN trend_axis AS a ON a.with_open OR r.is_closed
GROUP BY 1, 2, 3, 4, 5
