-- audience_cell: published per theatre and season, sorted by production, part, code
-- grain: production (0: the whole theatre) × part (1 returning, 2 stages, 3 tastes, 4 party_sizes, 5 lead_times, 6 moments, 7 kinds, 8 price_bands,
--   9 channels, 10 ages, 11 genders, 12 frequency, 13 retention, 14 lapsed, 20 totals: 1 orders, 2 tickets, 3 buyers, 4 orders with a postcode,
--   5 tickets without a known buyer) × code of the part
-- measures: amount (in the unit of the part: orders, tickets or buyers)
-- definitions: audience_orders, audience_buyers, audience_new, audience_stage, audience_taste, audience_party, audience_lead_time, audience_moment,
--   audience_kind, audience_price, audience_channel, audience_age, audience_gender, audience_frequency, audience_retention, audience_lapsed
SELECT
    run.theatre,
    run.season_year,
    CAST(c.production AS INTEGER) AS production,
    CAST(coalesce(d.genre, 0) AS INTEGER) AS genre,
    CAST(c.part AS UTINYINT) AS part,
    CAST(c.code AS UTINYINT) AS code,
    CAST(c.amount AS INTEGER) AS amount
FROM (
    SELECT production, part, code, amount
    FROM audience_trait
    UNION ALL
    SELECT production, part, code, amount
    FROM audience_sale
) AS c
CROSS JOIN run
LEFT JOIN dim_production AS d ON d.id = c.production
ORDER BY c.production, c.part, c.code
