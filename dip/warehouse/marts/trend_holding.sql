-- trend_holding: intermediate, not published
-- grain: cell of trend_reach × side (0 theatres, 1 producers, 2 offices) × holding
-- measures: performances, coupled, x, y and z of the holding, and the same disturbed: u, v and w
-- definitions: none
SELECT cell, 0 AS side, theatre AS holding, CAST(sum(performances) AS BIGINT) AS performances, CAST(sum(coupled) AS BIGINT) AS coupled, CAST(sum(x) AS BIGINT) AS x, CAST(sum(y) AS BIGINT) AS y, CAST(sum(z) AS BIGINT) AS z, CAST(sum(u) AS BIGINT) AS u, CAST(sum(v) AS BIGINT) AS v, CAST(sum(w) AS BIGINT) AS w
FROM trend_reach
GROUP BY cell, theatre
UNION ALL
SELECT cell, 1, producer, CAST(sum(performances) AS BIGINT), CAST(sum(coupled) AS BIGINT), CAST(sum(x) AS BIGINT), CAST(sum(y) AS BIGINT), CAST(sum(z) AS BIGINT), CAST(sum(u) AS BIGINT), CAST(sum(v) AS BIGINT), CAST(sum(w) AS BIGINT)
FROM trend_reach
GROUP BY cell, producer
UNION ALL
SELECT cell, 2, office, CAST(sum(performances) AS BIGINT), CAST(sum(coupled) AS BIGINT), CAST(sum(x) AS BIGINT), CAST(sum(y) AS BIGINT), CAST(sum(z) AS BIGINT), CAST(sum(u) AS BIGINT), CAST(sum(v) AS BIGINT), CAST(sum(w) AS BIGINT)
FROM trend_reach
GROUP BY cell, office
