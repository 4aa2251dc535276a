-- audience_spread: published per season, sorted by side, id, places
-- grain: side (1 organisation, 2 production, 3 the nation) × id (0 for the nation) × places (organisations where the buyer bought: 1, 2, 3 or more)
-- measures: buyers (known in the sector), organisations (where they bought)
-- definitions: audience_overlap
SELECT
    CAST(s.side AS UTINYINT) AS side,
    CAST(s.id AS INTEGER) AS id,
    CAST(s.places AS UTINYINT) AS places,
    CAST(count(DISTINCT s.buyer) AS INTEGER) AS buyers,
    CAST(count(DISTINCT s.organisation) AS INTEGER) AS organisations
FROM (
    SELECT 1 AS side, a.organisation AS id, least(a.places, 3) AS places, a.buyer, b.organisation
    FROM audience_place AS a
    INNER JOIN audience_place AS b ON b.buyer = a.buyer
    UNION ALL
    SELECT 2 AS side, a.production AS id, least(b.places, 3) AS places, a.buyer, b.organisation
    FROM audience_bought AS a
    INNER JOIN audience_place AS b ON b.buyer = a.buyer
    UNION ALL
    SELECT 3 AS side, 0 AS id, least(a.places, 3) AS places, a.buyer, a.organisation
    FROM audience_place AS a
) AS s
GROUP BY s.side, s.id, s.places
ORDER BY 1, 2, 3
