-- audience_trend: published per season, sorted by part, side, key, code
-- grain: side (0 all, 1 province of the theatre, 2 genre) × key (0 for all, -1 unknown) × part × code of audience_cell, over all theatres; a buyer
--   counts at each theatre where it bought, by genre at each production there
-- measures: amount (unit of the part), organisations (that have some), largest (amount of the organisation that has most)
-- definitions: audience_trend, audience_orders, audience_buyers, audience_new, audience_stage, audience_taste, audience_party, audience_lead_time,
--   audience_moment, audience_kind, audience_price, audience_channel, audience_age, audience_gender, audience_frequency, audience_retention,
--   audience_lapsed
SELECT
    c.season_year,
    CAST(c.side AS UTINYINT) AS side,
    CAST(c.key AS INTEGER) AS key,
    CAST(c.part AS UTINYINT) AS part,
    CAST(c.code AS UTINYINT) AS code,
    CAST(sum(c.amount) AS BIGINT) AS amount,
    CAST(count(*) AS INTEGER) AS organisations,
    CAST(max(c.amount) AS BIGINT) AS largest
FROM (
    SELECT
        a.season_year,
        s.side,
        CASE s.side WHEN 0 THEN 0 WHEN 1 THEN coalesce(t.province, -1) ELSE coalesce(nullif(a.genre, 0), -1) END AS key,
        a.part,
        a.code,
        coalesce(t.organisation, -a.theatre) AS organisation,
        sum(a.amount) AS amount
    FROM audience_cell AS a
    INNER JOIN (VALUES (0), (1), (2)) AS s (side) ON (a.production <> 0) = (s.side = 2)
    LEFT JOIN dim_theatre AS t ON t.id = a.theatre
    WHERE a.part < 20
    GROUP BY 1, 2, 3, 4, 5, 6
) AS c
GROUP BY c.season_year, c.side, c.key, c.part, c.code
ORDER BY 4, 2, 3, 5
