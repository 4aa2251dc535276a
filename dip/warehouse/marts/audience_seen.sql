-- audience_seen: published per theatre and season, sorted by buyer
-- grain: buyer who bought at the theatre for this season or an earlier one (sold tickets); the next season's "seen before"
-- measures: first_hour, last_hour (hours since 1970, of buying), last_season, seasons (seasons), orders (orders), last_day (of visiting, days
--   since 1970), stage and taste (at the end of last_season), kinds and kinds_before (visits per taste in last_season and the one before it)
-- definitions: audience_new, audience_stage, audience_taste
SELECT
    coalesce(b.buyer, s.buyer) AS buyer,
    CAST(greatest(coalesce(b.scope, 0), coalesce(s.scope, 0)) AS UTINYINT) AS scope,
    CAST(least(coalesce(b.first_hour, s.first_hour), coalesce(s.first_hour, b.first_hour)) AS INTEGER) AS first_hour,
    CAST(greatest(coalesce(b.last_hour, s.last_hour), coalesce(s.last_hour, b.last_hour)) AS INTEGER) AS last_hour,
    CAST(CASE WHEN b.buyer IS NULL THEN s.last_season ELSE run.season_year END AS SMALLINT) AS last_season,
    CAST(coalesce(s.seasons, 0) + CASE WHEN b.buyer IS NULL THEN 0 ELSE 1 END AS SMALLINT) AS seasons,
    CAST(coalesce(s.orders, 0) + coalesce(b.orders, 0) AS INTEGER) AS orders,
    CAST(coalesce(b.last_day, s.last_day) AS INTEGER) AS last_day,
    CAST(coalesce(b.stage, s.stage) AS UTINYINT) AS stage,
    CAST(coalesce(b.taste, s.taste) AS UTINYINT) AS taste,
    coalesce(b.kinds, s.kinds) AS kinds,
    CASE
        WHEN b.buyer IS NULL THEN s.kinds_before
        WHEN s.last_season = run.season_year - 1 THEN s.kinds
        ELSE 0
    END AS kinds_before
FROM audience_buyer AS b
FULL JOIN seen_before AS s ON s.buyer = b.buyer
CROSS JOIN run
ORDER BY 1
