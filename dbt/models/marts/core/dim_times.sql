{% set digits -%}
    (select column1 as digit from values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9))
{%- endset %}

with minutes as (

    select ones.digit + 10 * tens.digit + 100 * hundreds.digit + 1000 * thousands.digit as minute_of_day
    from {{ digits }} as ones
    cross join {{ digits }} as tens
    cross join {{ digits }} as hundreds
    cross join {{ digits }} as thousands
    where ones.digit + 10 * tens.digit + 100 * hundreds.digit + 1000 * thousands.digit < 1440

)

select
    minute_of_day,
    lpad(floor(minute_of_day / 60)::number(2, 0)::varchar, 2, '0')
    || ':' || lpad((minute_of_day % 60)::varchar, 2, '0') as time_of_day,
    floor(minute_of_day / 60)::number(2, 0) as hour_of_day,
    minute_of_day % 60 as minute_of_hour,
    minute_of_day % 5 = 0 as opens_5m,
    minute_of_day % 15 = 0 as opens_15m,
    minute_of_day % 60 = 0 as opens_1h,
    minute_of_day % 240 = 0 as opens_4h
from minutes
