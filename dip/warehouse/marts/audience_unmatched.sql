-- audience_unmatched: published once, sorted by organisation, source
-- grain: source × event that nobody named a performance for, or performance that the programme does not know × day of buying (days since 1970)
-- measures: tickets (sold), orders (orders with a sold ticket)
-- definitions: none
SELECT
    d.organisation,
    t.source,
    t.performance,
    CAST(floor(t.sold_hour / 24) AS INTEGER) AS sold_day,
    count(*) AS tickets,
    count(DISTINCT t.order_key) AS orders
FROM ticket AS t
INNER JOIN dim_source AS d ON d.source = t.source
WHERE t.state = 1
GROUP BY d.organisation, t.source, t.performance, CAST(floor(t.sold_hour / 24) AS INTEGER)
ORDER BY d.organisation, t.source, t.performance, sold_day
