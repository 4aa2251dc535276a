-- audience_trait: not published, for audience_cell
-- grain: production (0: the whole theatre) × part × code of the part, of buyers
-- measures: amount (buyers)
-- definitions: audience_buyers, audience_new, audience_stage, audience_taste, audience_age, audience_gender, audience_frequency, audience_retention,
--   audience_lapsed
SELECT c.production, c.part, c.code, sum(c.amount) AS amount
FROM (
    SELECT t.production, p.part, t.amount, CASE p.part
        WHEN 1 THEN t.arrival
        WHEN 2 THEN t.stage
        WHEN 3 THEN t.taste
        WHEN 10 THEN t.age
        WHEN 11 THEN t.gender
        WHEN 12 THEN t.frequency
        ELSE 3
    END AS code
    FROM (
        SELECT production, arrival, stage, taste, age, gender, frequency, count(*) AS amount
        FROM (
            SELECT
                v.production, v.arrival, v.stage, v.taste, v.age, v.gender, CASE
                    WHEN v.season_visits >= 10 THEN 5
                    WHEN v.season_visits >= 6 THEN 4
                    WHEN v.season_visits >= 4 THEN 3
                    ELSE v.season_visits - 1
                END AS frequency
            FROM audience_visitor AS v
            UNION ALL
            SELECT
                0 AS production, b.arrival, b.stage, b.taste, b.age, b.gender, CASE
                    WHEN b.visits >= 10 THEN 5
                    WHEN b.visits >= 6 THEN 4
                    WHEN b.visits >= 4 THEN 3
                    ELSE b.visits - 1
                END AS frequency
            FROM audience_buyer AS b
        ) AS each_buyer
        GROUP BY production, arrival, stage, taste, age, gender, frequency
    ) AS t
    CROSS JOIN (VALUES (1), (2), (3), (10), (11), (12), (20)) AS p (part)
) AS c
GROUP BY c.production, c.part, c.code
UNION ALL
SELECT 0 AS production, 13 AS part, CASE WHEN s.here = 1 THEN 1 ELSE 2 END AS code, s.amount
FROM audience_return AS s
WHERE s.ago = 1
UNION ALL
SELECT 0 AS production, 14 AS part, s.ago AS code, s.amount
FROM audience_return AS s
WHERE s.here = 0
