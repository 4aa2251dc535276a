-- audience_ticket: published per theatre and season, sorted by buyer, order
-- grain: ticket, in its newest version, of every state; kept apart from its reference
-- measures: price_cents, fee_cents, list_cents (euro cents)
-- definitions: none
SELECT
    theatre,
    season_year,
    performance,
    production,
    genre,
    performance_date,
    source,
    order_key,
    state,
    buyer,
    scope,
    kind,
    channel,
    price_cents,
    fee_cents,
    list_cents,
    sold_hour,
    cancelled_hour,
    pc4,
    country,
    birth,
    gender,
    attended,
    band,
    promo
FROM ticket
ORDER BY
    buyer, order_key, performance, state, price_cents, sold_hour, kind, channel, fee_cents, list_cents, cancelled_hour, pc4, country,
    birth, gender, attended, band, promo, source
