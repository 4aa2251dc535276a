-- audience_nation: published per season, sorted by genre, part, code
-- grain: genre (0: all) × part × code of audience_cell, over all theatres; a buyer counts at each theatre where it bought. Part 21: buyers and
--   sector-wide buyers of the nation, each once (codes 1 and 2, genre 0)
-- measures: amount (unit of the part), organisations (that have some), largest (amount of the organisation that has most)
-- definitions: audience_orders, audience_buyers, audience_new, audience_stage, audience_taste, audience_party, audience_lead_time, audience_moment,
--   audience_kind, audience_price, audience_channel, audience_age, audience_gender, audience_frequency, audience_retention, audience_lapsed
SELECT
    CAST(c.genre AS INTEGER) AS genre,
    CAST(c.part AS UTINYINT) AS part,
    CAST(c.code AS UTINYINT) AS code,
    CAST(sum(c.amount) AS BIGINT) AS amount,
    CAST(count(*) AS INTEGER) AS organisations,
    CAST(max(c.amount) AS BIGINT) AS largest
FROM (
    SELECT a.genre, a.part, a.code, coalesce(t.organisation, -a.theatre) AS organisation, sum(a.amount) AS amount
    FROM audience_cell AS a
    LEFT JOIN dim_theatre AS t ON t.id = a.theatre
    WHERE (a.production = 0) = (a.genre = 0)
    GROUP BY a.genre, a.part, a.code, coalesce(t.organisation, -a.theatre)
) AS c
GROUP BY c.genre, c.part, c.code
UNION ALL
SELECT 0 AS genre, 21 AS part, c.code, count(*) AS amount, 0 AS organisations, 0 AS largest
FROM (
    SELECT buyer, max(scope) AS scope
    FROM audience_visitor
    GROUP BY buyer
) AS b
INNER JOIN (VALUES (1, 1), (2, 2)) AS c (code, least_scope) ON b.scope >= c.least_scope
GROUP BY c.code
ORDER BY 1, 2, 3
