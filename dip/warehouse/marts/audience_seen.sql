-- audience_seen: published per theatre and season, sorted by buyer
-- grain: buyer who bought at the theatre for this season or an earlier one (sold tickets); the next season's "seen before"
-- measures: first_hour, last_hour (hours since 1970, of buying), last_season, seasons (seasons), orders (orders)
-- definitions: none
SELECT
    buyer,
    CAST(max(scope) AS UTINYINT) AS scope,
    CAST(min(first_hour) AS INTEGER) AS first_hour,
    CAST(max(last_hour) AS INTEGER) AS last_hour,
    CAST(max(last_season) AS SMALLINT) AS last_season,
    CAST(sum(seasons) AS SMALLINT) AS seasons,
    CAST(sum(orders) AS INTEGER) AS orders
FROM (
    SELECT buyer, scope, first_hour, last_hour, last_season, seasons, orders
    FROM seen_before
    UNION ALL
    SELECT
        buyer,
        max(scope) AS scope,
        min(sold_hour) AS first_hour,
        max(sold_hour) AS last_hour,
        max(season_year) AS last_season,
        1 AS seasons,
        count(DISTINCT order_key) AS orders
    FROM ticket
    WHERE state = 1 AND buyer <> 0
    GROUP BY buyer
) AS both_times
GROUP BY buyer
ORDER BY buyer
