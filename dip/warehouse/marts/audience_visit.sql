-- audience_visit: not published, for the files after it
-- grain: buyer × performance, of sold tickets
-- measures: tickets (sold), first_hour and last_hour (of buying, hours since 1970), pc4, birth and gender (the newest that is known)
-- definitions: audience_buyers
SELECT
    t.buyer,
    t.production,
    t.performance,
    coalesce(p.taste, 0) AS taste,
    CAST(t.performance_date - DATE '1970-01-01' AS INTEGER) AS day,
    max(t.scope) AS scope,
    count(*) AS tickets,
    min(t.sold_hour) AS first_hour,
    max(t.sold_hour) AS last_hour,
    max(CASE WHEN t.pc4 > 0 THEN CAST(t.sold_hour AS BIGINT) * 10000 + t.pc4 ELSE 0 END) AS dated_pc4,
    max(CASE WHEN t.birth > 0 THEN CAST(t.sold_hour AS BIGINT) * 10000 + t.birth ELSE 0 END) AS dated_birth,
    max(CASE WHEN t.gender > 0 THEN CAST(t.sold_hour AS BIGINT) * 10000 + t.gender ELSE 0 END) AS dated_gender
FROM ticket AS t
LEFT JOIN dim_production AS p ON p.id = t.production
WHERE t.state = 1 AND t.buyer <> 0
GROUP BY t.buyer, t.production, t.performance, p.taste, t.performance_date
