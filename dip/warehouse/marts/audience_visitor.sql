-- audience_visitor: published per theatre and season, sorted by production, buyer
-- grain: production × buyer with a sold ticket
-- measures: visits and season_visits (performances of the production, of the theatre), tickets; codes: scope, arrival, stage, taste, age, gender, pc4
-- definitions: audience_buyers, audience_new, audience_stage, audience_taste, audience_age, audience_gender, audience_frequency
SELECT
    run.theatre,
    run.season_year,
    v.production,
    v.buyer,
    b.scope,
    CAST(v.visits AS SMALLINT) AS visits,
    CAST(b.visits AS SMALLINT) AS season_visits,
    CAST(v.tickets AS INTEGER) AS tickets,
    CAST(b.arrival AS UTINYINT) AS arrival,
    CAST(b.stage AS UTINYINT) AS stage,
    b.taste,
    CAST(b.age AS UTINYINT) AS age,
    CAST(b.gender AS UTINYINT) AS gender,
    CAST(b.pc4 AS USMALLINT) AS pc4
FROM (
    SELECT production, buyer, count(*) AS visits, sum(tickets) AS tickets
    FROM audience_visit
    GROUP BY production, buyer
) AS v
INNER JOIN audience_buyer AS b ON b.buyer = v.buyer
CROSS JOIN run
ORDER BY v.production, v.buyer
