-- audience_hour: not published, for the files after it
-- grain: UTC hour (hours since 1970) in which a ticket was sold; the clock is Amsterdam's, by the rule of the European Union since 1996
-- measures: local_day (days since 1970), moment (weekday, 0 Monday, × 4 + part of the day of six hours)
-- definitions: audience_moment
SELECT
    sold_hour,
    CAST(floor(local_hour / 24) AS INTEGER) AS local_day,
    CAST((floor(local_hour / 24) + 3) % 7 * 4 + floor(local_hour % 24 / 6) AS SMALLINT) AS moment
FROM (
    SELECT
        sold_hour,
        sold_hour + CASE
            WHEN sold_hour >= 24 * (march - (march + 4) % 7) + 1 AND sold_hour < 24 * (october - (october + 4) % 7) + 1 THEN 2
            ELSE 1
        END AS local_hour
    FROM (
        SELECT
            sold_hour,
            CAST(CAST(extract(YEAR FROM day) || '-03-31' AS DATE) - DATE '1970-01-01' AS INTEGER) AS march,
            CAST(CAST(extract(YEAR FROM day) || '-10-31' AS DATE) - DATE '1970-01-01' AS INTEGER) AS october
        FROM (
            SELECT DISTINCT sold_hour, DATE '1970-01-01' + CAST(floor(sold_hour / 24) AS INTEGER) AS day
            FROM ticket
            WHERE state = 1
        ) AS sold
    ) AS clock_change
) AS here
