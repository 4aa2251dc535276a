-- audience_buyer: not published, for the files after it
-- grain: buyer with a sold ticket at the theatre in the season
-- measures: visits (performances), orders (orders), first_hour and last_hour (of buying), first_day and last_day (of visiting, since 1970), arrival,
--   stage (at the end of the season), taste, age, gender, kinds (visits per taste of the season, base 4096), past_kinds (of the two before)
-- definitions: audience_buyers, audience_new, audience_stage, audience_taste, audience_age, audience_gender, audience_frequency
SELECT
    b.buyer,
    b.scope,
    b.visits,
    b.orders,
    b.first_hour,
    b.last_hour,
    b.first_day,
    b.last_day,
    b.pc4,
    b.age,
    b.gender,
    b.arrival,
    b.stage,
    b.kinds,
    b.past_kinds,
    CAST(CASE
        WHEN b.total = 0 THEN 0
        WHEN b.present > 0 AND b.present_score > 0
            AND greatest(b.score_1, b.score_2, b.score_3, b.score_4, b.score_5, b.score_6) * 4 < b.present_score * 5 THEN b.present
        WHEN b.score_1 = greatest(b.score_1, b.score_2, b.score_3, b.score_4, b.score_5, b.score_6) THEN 1
        WHEN b.score_2 = greatest(b.score_2, b.score_3, b.score_4, b.score_5, b.score_6) THEN 2
        WHEN b.score_3 = greatest(b.score_3, b.score_4, b.score_5, b.score_6) THEN 3
        WHEN b.score_4 = greatest(b.score_4, b.score_5, b.score_6) THEN 4
        WHEN b.score_5 >= b.score_6 THEN 5
        ELSE 6
    END AS UTINYINT) AS taste
FROM (
    SELECT
        s.*,
        CASE s.present
            WHEN 1 THEN s.score_1
            WHEN 2 THEN s.score_2
            WHEN 3 THEN s.score_3
            WHEN 4 THEN s.score_4
            WHEN 5 THEN s.score_5
            WHEN 6 THEN s.score_6
            ELSE 0
        END AS present_score
    FROM audience_score AS s
) AS b
