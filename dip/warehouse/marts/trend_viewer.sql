-- trend_viewer: intermediate, not published
-- grain: cell × side × viewer, for the cells in trend_doubt, in which one viewer's own part is large
-- measures: of x, y and z each: the own part, how many holdings it leaves with nothing, and how much of it is in the holding that is
--   largest in the cell, and in the second-largest
-- definitions: none
WITH ranked AS (
    SELECT
        h.*,
        row_number() OVER (PARTITION BY h.cell, h.side ORDER BY h.x DESC, h.holding) AS by_x,
        row_number() OVER (PARTITION BY h.cell, h.side ORDER BY h.y DESC, h.holding) AS by_y,
        row_number() OVER (PARTITION BY h.cell, h.side ORDER BY h.z DESC, h.holding) AS by_z
    FROM trend_holding AS h
    INNER JOIN trend_doubt AS d ON d.cell = h.cell
),

own_part AS (
    SELECT o.cell, 0 AS side, o.viewer, o.theatre AS holding, sum(o.x) AS x, sum(o.y) AS y, sum(o.z) AS z
    FROM trend_own AS o
    INNER JOIN trend_doubt AS d ON d.cell = o.cell
    GROUP BY o.cell, o.viewer, o.theatre
    UNION ALL
    SELECT o.cell, 1, o.viewer, o.producer, sum(o.x), sum(o.y), sum(o.z)
    FROM trend_own AS o
    INNER JOIN trend_doubt AS d ON d.cell = o.cell
    GROUP BY o.cell, o.viewer, o.producer
    UNION ALL
    SELECT o.cell, 2, o.viewer, o.office, sum(o.x), sum(o.y), sum(o.z)
    FROM trend_own AS o
    INNER JOIN trend_doubt AS d ON d.cell = o.cell
    GROUP BY o.cell, o.viewer, o.office
)

SELECT
    o.cell,
    o.side,
    o.viewer,
    CAST(sum(o.x) AS BIGINT) AS x_own,
    CAST(sum(CASE WHEN k.x > 0 AND o.x = k.x THEN 1 ELSE 0 END) AS BIGINT) AS x_emptied,
    CAST(sum(CASE WHEN k.by_x = 1 THEN o.x ELSE 0 END) AS BIGINT) AS x_own_first,
    CAST(sum(CASE WHEN k.by_x = 2 THEN o.x ELSE 0 END) AS BIGINT) AS x_own_second,
    CAST(sum(o.y) AS BIGINT) AS y_own,
    CAST(sum(CASE WHEN k.y > 0 AND o.y = k.y THEN 1 ELSE 0 END) AS BIGINT) AS y_emptied,
    CAST(sum(CASE WHEN k.by_y = 1 THEN o.y ELSE 0 END) AS BIGINT) AS y_own_first,
    CAST(sum(CASE WHEN k.by_y = 2 THEN o.y ELSE 0 END) AS BIGINT) AS y_own_second,
    CAST(sum(o.z) AS BIGINT) AS z_own,
    CAST(sum(CASE WHEN k.z > 0 AND o.z = k.z THEN 1 ELSE 0 END) AS BIGINT) AS z_emptied,
    CAST(sum(CASE WHEN k.by_z = 1 THEN o.z ELSE 0 END) AS BIGINT) AS z_own_first,
    CAST(sum(CASE WHEN k.by_z = 2 THEN o.z ELSE 0 END) AS BIGINT) AS z_own_second
FROM own_part AS o
INNER JOIN ranked AS k ON k.cell = o.cell AND k.side = o.side AND k.holding = o.holding
GROUP BY o.cell, o.side, o.viewer
