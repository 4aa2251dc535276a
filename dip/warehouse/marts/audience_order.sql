-- audience_order: not published, for audience_cell
-- grain: order × performance, of sold tickets
-- measures: tickets (sold), party (bucket of tickets), moment (of the first sale), channel, has_postcode (0 or 1)
-- definitions: audience_party, audience_moment, audience_channel
SELECT
    source,
    order_key,
    production,
    performance,
    tickets,
    CASE WHEN tickets >= 10 THEN 5 WHEN tickets >= 5 THEN 4 ELSE tickets - 1 END AS party,
    h.moment,
    channel,
    has_postcode
FROM (
    SELECT
        source,
        order_key,
        production,
        performance,
        count(*) AS tickets,
        min(sold_hour) AS sold_hour,
        max(channel) AS channel,
        max(CASE WHEN pc4 > 0 THEN 1 ELSE 0 END) AS has_postcode
    FROM ticket
    WHERE state = 1
    GROUP BY source, order_key, production, performance
) AS o
INNER JOIN audience_hour AS h ON h.sold_hour = o.sold_hour
