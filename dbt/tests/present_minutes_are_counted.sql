{# mart_data_quality takes the present minutes from the gaps; here they are counted, for the days that changed lately. #}
{%- set oldest -%}
    select min(date_day)::timestamp_ntz::varchar from {{ ref('int_candle_days') }} where last_landed_at >= {{ tested_since() }}
{%- endset -%}

with days as (

    select
        quality.exchange,
        quality.symbol,
        quality.date_day,
        quality.present_minutes
    from {{ ref('mart_data_quality') }} as quality
    inner join {{ ref('int_candle_days') }} as changed
        on
            quality.exchange = changed.exchange
            and quality.symbol = changed.symbol
            and quality.date_day = changed.date_day
    where changed.last_landed_at >= {{ tested_since() }}

),

counted as (

    select
        days.exchange,
        days.symbol,
        days.date_day,
        count(*) as present_minutes
    from days
    inner join {{ ref('fct_candles_1m') }} as candles
        on
            days.exchange = candles.exchange
            and days.symbol = candles.symbol
            and days.date_day = candles.open_time::date
            and candles.open_time >= {{ time_found(oldest, '9999-01-01 00:00:00.000') }}
    inner join {{ ref('int_coverage') }} as coverage
        on
            candles.exchange = coverage.exchange
            and candles.symbol = coverage.symbol
            and candles.open_time between coverage.first_open_time and coverage.last_open_time
    group by days.exchange, days.symbol, days.date_day

)

select
    days.exchange,
    days.symbol,
    days.date_day,
    days.present_minutes,
    coalesce(counted.present_minutes, 0) as counted_minutes
from days
left join counted
    on
        days.exchange = counted.exchange
        and days.symbol = counted.symbol
        and days.date_day = counted.date_day
where days.present_minutes <> coalesce(counted.present_minutes, 0)
