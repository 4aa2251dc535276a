-- factor: intermediate; with what is drawn for each carrier it is published per season with each edition, and never shown
-- grain: holding of theatres (side 0) or office (side 2) with a performance in the season, played or planned
-- measures: size (seats agreed for all of them), of the group in which most of them are: a theatre's province, an office's genre
-- definitions: national_disturbed
WITH planned AS (
    SELECT 0 AS side, theatre AS holding, coalesce(province, 0) AS grp, CAST(sum(agreed) AS BIGINT) AS seats
    FROM performance
    GROUP BY theatre, coalesce(province, 0)
    UNION ALL
    SELECT 2, office, genre, CAST(sum(agreed) AS BIGINT)
    FROM performance
    GROUP BY office, genre
),

placed AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY side, holding ORDER BY seats DESC, grp) AS place,
        sum(seats) OVER (PARTITION BY side, holding) AS size
    FROM planned
)

SELECT side, holding, grp, CAST(size AS BIGINT) AS size
FROM placed
WHERE place = 1
ORDER BY side, holding
