-- tour: published per season, sorted by theatre, days before, production
-- grain: production × theatre (holding) × day of the grid
-- measures: sums over the performances of curve: performances, sold, for_sale
-- definitions: colleagues_mean, tickets_sold, for_sale
SELECT
    run.season_year,
    theatre,
    production,
    days_before,
    count(*) AS performances,
    CAST(sum(sold) AS BIGINT) AS sold,
    CAST(sum(for_sale) AS BIGINT) AS for_sale
FROM curve
CROSS JOIN run
GROUP BY run.season_year, theatre, production, days_before
ORDER BY theatre, days_before, production
