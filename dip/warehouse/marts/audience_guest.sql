-- audience_guest: not published, for audience_tour
-- grain: production × buyer with a sold ticket, over all theatres; who has several is taken as says the one where it came most often (of equals
--   the lowest number)
-- measures: codes: arrival (known somewhere outweighs new), stage, taste, age, gender, frequency (bucket of season_visits)
-- definitions: audience_buyers, audience_new, audience_stage, audience_taste, audience_age, audience_gender, audience_frequency
SELECT
    v.production,
    v.buyer,
    CASE max(CASE v.arrival WHEN 2 THEN 2 WHEN 3 THEN 1 ELSE 0 END) WHEN 2 THEN 2 WHEN 1 THEN 3 ELSE 1 END AS arrival,
    max(v.stage) AS stage,
    max((CAST(v.season_visits AS BIGINT) * 100000000 - v.theatre) * 8 + v.taste) % 8 AS taste,
    max(v.age) AS age,
    max(v.gender) AS gender,
    CASE
        WHEN max(v.season_visits) >= 10 THEN 5
        WHEN max(v.season_visits) >= 6 THEN 4
        WHEN max(v.season_visits) >= 4 THEN 3
        ELSE max(v.season_visits) - 1
    END AS frequency
FROM audience_visitor AS v
GROUP BY v.production, v.buyer
