select
    coverage.exchange,
    coverage.symbol,
    days.date_day,
    greatest(coverage.first_open_time, days.date_day::timestamp_ntz) as first_open_time,
    least(coverage.last_open_time, dateadd('minute', 1439, days.date_day::timestamp_ntz)) as last_open_time,
    datediff(
        'minute',
        greatest(coverage.first_open_time, days.date_day::timestamp_ntz),
        least(coverage.last_open_time, dateadd('minute', 1439, days.date_day::timestamp_ntz))
    ) + 1 as expected_minutes
from {{ ref('int_coverage') }} as coverage
inner join {{ ref('dim_dates') }} as days
    on days.date_day between coverage.first_open_time::date and coverage.last_open_time::date
