-- audience_return: not published, for audience_trait
-- grain: seasons since the last visit before this season (1 or 2) × whether the buyer came this season (here: 0 or 1)
-- measures: amount (buyers)
-- definitions: audience_retention, audience_lapsed
SELECT run.season_year - s.last_season AS ago, CASE WHEN b.buyer IS NULL THEN 0 ELSE 1 END AS here, count(*) AS amount
FROM seen_before AS s
LEFT JOIN audience_buyer AS b ON b.buyer = s.buyer
CROSS JOIN run
WHERE s.last_season >= run.season_year - 2
GROUP BY run.season_year - s.last_season, CASE WHEN b.buyer IS NULL THEN 0 ELSE 1 END
