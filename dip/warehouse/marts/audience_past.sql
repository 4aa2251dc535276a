-- audience_past: not published, for audience_score
-- grain: buyer with a sold ticket at the theatre in the season
-- measures: as audience_buyer, and of before the season: past_day (last visit, days since 1970, -1 none), past_stage, present (taste)
-- definitions: audience_buyers, audience_age, audience_gender
SELECT
    v.buyer,
    v.scope,
    v.visits,
    coalesce(o.orders, 0) AS orders,
    v.first_hour,
    v.last_hour,
    v.first_day,
    v.last_day,
    v.dated_pc4 % 10000 AS pc4,
    CASE
        WHEN v.dated_birth % 10000 = 0 THEN 0
        WHEN v.dated_birth % 10000 = 1 OR run.season_year - v.dated_birth % 10000 - 2 < 18 THEN 1
        WHEN run.season_year - v.dated_birth % 10000 - 2 < 25 THEN 2
        WHEN run.season_year - v.dated_birth % 10000 - 2 < 35 THEN 3
        WHEN run.season_year - v.dated_birth % 10000 - 2 < 45 THEN 4
        WHEN run.season_year - v.dated_birth % 10000 - 2 < 55 THEN 5
        WHEN run.season_year - v.dated_birth % 10000 - 2 < 65 THEN 6
        WHEN run.season_year - v.dated_birth % 10000 - 2 < 75 THEN 7
        ELSE 8
    END AS age,
    v.dated_gender % 10000 AS gender,
    v.kinds,
    CASE
        WHEN s.last_season = run.season_year - 1 THEN s.kinds + s.kinds_before
        WHEN s.last_season = run.season_year - 2 THEN s.kinds
        ELSE 0
    END AS past_kinds,
    coalesce(s.last_day, -1) AS past_day,
    CASE WHEN s.last_season = run.season_year - 1 THEN s.stage ELSE 0 END AS past_stage,
    CASE WHEN s.last_season >= run.season_year - 2 THEN s.taste ELSE 0 END AS present,
    CAST(CAST(run.season_year || '-08-01' AS DATE) - DATE '1970-01-01' AS INTEGER) + 364 AS last_of_season
FROM (
    SELECT
        buyer,
        max(scope) AS scope,
        count(*) AS visits,
        min(first_hour) AS first_hour,
        max(last_hour) AS last_hour,
        min(day) AS first_day,
        max(day) AS last_day,
        max(dated_pc4) AS dated_pc4,
        max(dated_birth) AS dated_birth,
        max(dated_gender) AS dated_gender,
        CAST(sum(CASE taste
            WHEN 1 THEN 1
            WHEN 2 THEN 4096
            WHEN 3 THEN 16777216
            WHEN 4 THEN 68719476736
            WHEN 5 THEN 281474976710656
            ELSE 0
        END) AS BIGINT) AS kinds
    FROM audience_visit
    GROUP BY buyer
) AS v
CROSS JOIN run
LEFT JOIN seen_before AS s ON s.buyer = v.buyer
LEFT JOIN (
    SELECT buyer, count(DISTINCT order_key) AS orders
    FROM ticket
    WHERE state = 1 AND buyer <> 0
    GROUP BY buyer
) AS o ON o.buyer = v.buyer
