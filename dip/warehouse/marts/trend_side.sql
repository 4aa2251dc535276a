-- trend_side: intermediate, not published
-- grain: cell of trend_reach × side (0 theatres, 1 producers, 2 offices)
-- measures: performances, coupled, holdings; of x, y and z each, over the holdings of the side: how many contribute, the sum, the
--   largest three, how many would be left with nothing were one viewer's own taken out, and the largest own of any viewer
-- definitions: none
WITH ranked AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY cell, side ORDER BY x DESC, holding) AS by_x,
        row_number() OVER (PARTITION BY cell, side ORDER BY y DESC, holding) AS by_y,
        row_number() OVER (PARTITION BY cell, side ORDER BY z DESC, holding) AS by_z
    FROM trend_holding
),

own_part AS (
    SELECT cell, 0 AS side, viewer, theatre AS holding, sum(x) AS x, sum(y) AS y, sum(z) AS z FROM trend_own GROUP BY cell, viewer, theatre
    UNION ALL
    SELECT cell, 1, viewer, producer, sum(x), sum(y), sum(z) FROM trend_own GROUP BY cell, viewer, producer
    UNION ALL
    SELECT cell, 2, viewer, office, sum(x), sum(y), sum(z) FROM trend_own GROUP BY cell, viewer, office
),

emptied AS (
    SELECT cell, side, max(x) AS x, max(y) AS y, max(z) AS z
    FROM (
        SELECT
            o.cell,
            o.side,
            o.viewer,
            sum(CASE WHEN h.x > 0 AND o.x = h.x THEN 1 ELSE 0 END) AS x,
            sum(CASE WHEN h.y > 0 AND o.y = h.y THEN 1 ELSE 0 END) AS y,
            sum(CASE WHEN h.z > 0 AND o.z = h.z THEN 1 ELSE 0 END) AS z
        FROM own_part AS o
        INNER JOIN trend_holding AS h ON h.cell = o.cell AND h.side = o.side AND h.holding = o.holding
        GROUP BY o.cell, o.side, o.viewer
    ) AS by_viewer
    GROUP BY cell, side
),

most AS (
    SELECT cell, max(x) AS x, max(y) AS y, max(z) AS z
    FROM (SELECT cell, viewer, sum(x) AS x, sum(y) AS y, sum(z) AS z FROM trend_own GROUP BY cell, viewer) AS by_viewer
    GROUP BY cell
)

SELECT
    k.cell,
    k.side,
    CAST(sum(k.performances) AS BIGINT) AS performances,
    CAST(sum(k.coupled) AS BIGINT) AS coupled,
    count(*) AS holdings,
    CAST(sum(CASE WHEN k.x > 0 THEN 1 ELSE 0 END) AS BIGINT) AS x_count,
    CAST(sum(k.x) AS BIGINT) AS x_total,
    CAST(max(CASE WHEN k.by_x = 1 THEN k.x ELSE 0 END) AS BIGINT) AS x_first,
    CAST(max(CASE WHEN k.by_x = 2 THEN k.x ELSE 0 END) AS BIGINT) AS x_second,
    CAST(max(CASE WHEN k.by_x = 3 THEN k.x ELSE 0 END) AS BIGINT) AS x_third,
    CAST(coalesce(max(e.x), 0) AS BIGINT) AS x_emptied,
    CAST(coalesce(max(m.x), 0) AS BIGINT) AS x_own,
    CAST(sum(CASE WHEN k.y > 0 THEN 1 ELSE 0 END) AS BIGINT) AS y_count,
    CAST(sum(k.y) AS BIGINT) AS y_total,
    CAST(max(CASE WHEN k.by_y = 1 THEN k.y ELSE 0 END) AS BIGINT) AS y_first,
    CAST(max(CASE WHEN k.by_y = 2 THEN k.y ELSE 0 END) AS BIGINT) AS y_second,
    CAST(max(CASE WHEN k.by_y = 3 THEN k.y ELSE 0 END) AS BIGINT) AS y_third,
    CAST(coalesce(max(e.y), 0) AS BIGINT) AS y_emptied,
    CAST(coalesce(max(m.y), 0) AS BIGINT) AS y_own,
    CAST(sum(CASE WHEN k.z > 0 THEN 1 ELSE 0 END) AS BIGINT) AS z_count,
    CAST(sum(k.z) AS BIGINT) AS z_total,
    CAST(max(CASE WHEN k.by_z = 1 THEN k.z ELSE 0 END) AS BIGINT) AS z_first,
    CAST(max(CASE WHEN k.by_z = 2 THEN k.z ELSE 0 END) AS BIGINT) AS z_second,
    CAST(max(CASE WHEN k.by_z = 3 THEN k.z ELSE 0 END) AS BIGINT) AS z_third,
    CAST(coalesce(max(e.z), 0) AS BIGINT) AS z_emptied,
    CAST(coalesce(max(m.z), 0) AS BIGINT) AS z_own
FROM ranked AS k
LEFT JOIN emptied AS e ON e.cell = k.cell AND e.side = k.side
LEFT JOIN most AS m ON m.cell = k.cell
GROUP BY k.cell, k.side
ORDER BY k.cell, k.side
