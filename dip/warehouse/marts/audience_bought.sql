-- audience_bought: not published, for audience_together and audience_spread
-- grain: buyer known in the sector × production, of at most 60 productions in the season (more is not a person)
-- measures: organisation (the first that sold it)
-- definitions: audience_buyers
SELECT v.buyer, v.production, min(coalesce(t.organisation, -v.theatre)) AS organisation
FROM audience_visitor AS v
LEFT JOIN dim_theatre AS t ON t.id = v.theatre
WHERE v.scope = 2
    AND v.buyer IN (SELECT buyer FROM audience_visitor WHERE scope = 2 GROUP BY buyer HAVING count(DISTINCT production) BETWEEN 1 AND 60)
GROUP BY v.buyer, v.production
