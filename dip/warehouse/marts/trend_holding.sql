-- trend_holding: intermediate, not published
-- grain: cell of trend_reach × side (0 theatres, 1 producers, 2 offices) × holding
-- measures: performances, coupled, x, y and z of the holding
-- definitions: none
SELECT cell, 0 AS side, theatre AS holding, CAST(sum(performances) AS BIGINT) AS performances, CAST(sum(coupled) AS BIGINT) AS coupled, CAST(sum(x) AS BIGINT) AS x, CAST(sum(y) AS BIGINT) AS y, CAST(sum(z) AS BIGINT) AS z
FROM trend_reach
GROUP BY cell, theatre
UNION ALL
SELECT cell, 1, producer, CAST(sum(performances) AS BIGINT), CAST(sum(coupled) AS BIGINT), CAST(sum(x) AS BIGINT), CAST(sum(y) AS BIGINT), CAST(sum(z) AS BIGINT)
FROM trend_reach
GROUP BY cell, producer
UNION ALL
SELECT cell, 2, office, CAST(sum(performances) AS BIGINT), CAST(sum(coupled) AS BIGINT), CAST(sum(x) AS BIGINT), CAST(sum(y) AS BIGINT), CAST(sum(z) AS BIGINT)
FROM trend_reach
GROUP BY cell, office
