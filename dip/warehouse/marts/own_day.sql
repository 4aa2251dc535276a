-- own_day: published per season, sorted by organisation, side, sales date
-- grain: organisation × side (provider, theatre) × sales day on which a figure of its performances closed differently
-- measures: tickets (paid) and recette_cents, running totals of the season's performances that are not cancelled
-- definitions: tickets_sold, recette
WITH change AS (
    SELECT
        p.performance,
        p.production,
        p.theatre_organisation,
        s.sales_date,
        s.sold - lag(s.sold) OVER days AS tickets,
        s.recette_cents - lag(s.recette_cents) OVER days AS recette_cents
    FROM state AS s
    INNER JOIN performance AS p ON p.performance = s.performance AND NOT p.is_cancelled
    WINDOW days AS (PARTITION BY p.performance ORDER BY s.sales_date)
),

per_production AS (
    SELECT production, sales_date, CAST(sum(tickets) AS BIGINT) AS tickets, CAST(sum(recette_cents) AS BIGINT) AS recette_cents
    FROM change
    WHERE tickets IS NOT NULL
    GROUP BY production, sales_date
),

per_side AS (
    SELECT q.organisation, 'provider' AS side, c.sales_date, CAST(sum(c.tickets) AS BIGINT) AS tickets, CAST(sum(c.recette_cents) AS BIGINT) AS recette_cents
    FROM per_production AS c
    INNER JOIN party AS q ON q.production = c.production AND q.side = 'provider'
    GROUP BY q.organisation, c.sales_date
    UNION ALL
    SELECT theatre_organisation, 'theatre', sales_date, CAST(sum(tickets) AS BIGINT), CAST(sum(recette_cents) AS BIGINT)
    FROM change
    WHERE tickets IS NOT NULL AND theatre_organisation IS NOT NULL
    GROUP BY theatre_organisation, sales_date
)

SELECT
    organisation,
    side,
    sales_date,
    CAST(sum(tickets) OVER days AS BIGINT) AS tickets,
    CAST(sum(recette_cents) OVER days AS BIGINT) AS recette_cents
FROM per_side
WINDOW days AS (PARTITION BY organisation, side ORDER BY sales_date)
ORDER BY organisation, side, sales_date
