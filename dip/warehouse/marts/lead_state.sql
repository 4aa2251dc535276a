-- lead_state: intermediate, not published
-- grain: performance of lead_performance × sales day on which its figures closed differently, as far as the day after it
-- measures: days before (−1 for the day after), sold (paid tickets)
-- definitions: tickets_sold, days_before
SELECT
    s.performance,
    CAST(p.performance_date - s.sales_date AS INTEGER) AS days,
    greatest(s.sold, 0) AS sold
FROM state AS s
INNER JOIN lead_performance AS p ON p.performance = s.performance
WHERE s.sales_date > DATE '0001-01-01' AND s.sales_date <= p.performance_date + 1 AND s.sold IS NOT NULL
ORDER BY s.performance, s.sales_date
