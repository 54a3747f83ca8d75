{% set digits -%}
    (select column1 as digit from values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9))
{%- endset %}

with numbers as (

    select ones.digit + 10 * tens.digit + 100 * hundreds.digit + 1000 * thousands.digit as number
    from {{ digits }} as ones
    cross join {{ digits }} as tens
    cross join {{ digits }} as hundreds
    cross join {{ digits }} as thousands

),

days as (

    select dateadd('day', number, '2017-01-01'::date)::date as date_day
    from numbers
    {# the exchange opened in July 2017 #}
    where number < datediff('day', '2017-01-01'::date, '2041-01-01'::date)

)

select
    date_day,
    year(date_day) as year_number,
    quarter(date_day) as quarter_number,
    month(date_day) as month_number,
    day(date_day) as day_of_month,
    dayofweekiso(date_day) as iso_day_of_week,
    weekiso(date_day) as iso_week_number,
    date_trunc('month', date_day)::date as first_day_of_month,
    dayofweekiso(date_day) >= 6 as is_weekend
from days
