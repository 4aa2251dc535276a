-- audience_score: not published, for audience_buyer
-- grain: buyer with a sold ticket at the theatre in the season
-- measures: as audience_buyer, and the scores of the six tastes (thousandths of a visit; the market's shares are 140, 180, 270, 110, 300)
-- definitions: audience_stage, audience_taste
SELECT
    k.*,
    CASE WHEN k.kind_1 > 0 THEN k.kind_1 * 1000 + 2 * 140 ELSE 0 END AS score_1,
    CASE WHEN k.kind_2 > 0 THEN k.kind_2 * 1000 + 2 * 180 ELSE 0 END AS score_2,
    CASE WHEN k.kind_3 > 0 THEN k.kind_3 * 1000 + 2 * 270 ELSE 0 END AS score_3,
    CASE WHEN k.kind_4 > 0 THEN k.kind_4 * 1000 + 2 * 110 ELSE 0 END AS score_4,
    CASE WHEN k.kind_5 > 0 THEN k.kind_5 * 1000 + 2 * 300 ELSE 0 END AS score_5,
    k.kind_1 + k.kind_2 + k.kind_3 + k.kind_4 + k.kind_5 AS total,
    CASE
        WHEN least(k.kind_1, 1) + least(k.kind_2, 1) + least(k.kind_3, 1) + least(k.kind_4, 1) + least(k.kind_5, 1) >= 3
            THEN 500 * (k.kind_1 + k.kind_2 + k.kind_3 + k.kind_4 + k.kind_5 + 2)
        ELSE 0
    END AS score_6
FROM (
    SELECT
        b.*,
        CASE WHEN b.past_day < 0 OR b.first_day - b.past_day > 1095 THEN 1 WHEN b.first_day - b.past_day > 730 THEN 3 ELSE 2 END
            AS arrival,
        CASE
            WHEN b.visits >= 4 OR (b.visits >= 3 AND b.past_stage = 4) THEN 4
            WHEN b.visits >= 2 THEN 3
            WHEN b.past_day >= 0 AND b.last_of_season - b.past_day < 1095 THEN 2
            ELSE 1
        END AS stage,
        (b.kinds + b.past_kinds) % 4096 AS kind_1,
        CAST(floor((b.kinds + b.past_kinds) / 4096) AS BIGINT) % 4096 AS kind_2,
        CAST(floor((b.kinds + b.past_kinds) / 16777216) AS BIGINT) % 4096 AS kind_3,
        CAST(floor((b.kinds + b.past_kinds) / 68719476736) AS BIGINT) % 4096 AS kind_4,
        CAST(floor((b.kinds + b.past_kinds) / 281474976710656) AS BIGINT) % 4096 AS kind_5
    FROM audience_past AS b
) AS k
