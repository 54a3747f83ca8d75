{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['exchange', 'symbol', 'date_day'],
    )
}}

{% if is_incremental() %}
    {%- set since = landed_since('last_landed_at') -%}
    {%- set oldest = oldest_landed([ref('int_candles')], since, 'last_landed_at') -%}
{% endif %}

{# What the models of coverage and quality need of a day, so that they read few candles themselves. #}
with candles as (

    select
        exchange,
        symbol,
        open_time::date as date_day,
        open_time,
        last_landed_at,
        first_streamed_at,
        is_late,
        is_corrected,
        datediff('millisecond', close_time, first_streamed_at) as lag_ms
    from {{ ref('int_candles') }}
    {% if is_incremental() %}
        where open_time >= date_trunc('day', {{ oldest }})
    {% endif %}

),

{% if is_incremental() %}
    touched as (

        select distinct
            exchange,
            symbol,
            date_day
        from candles
        where last_landed_at >= {{ since }}

    ),
{% endif %}

days as (

    select
        candles.exchange,
        candles.symbol,
        candles.date_day,
        count(*)::number(38, 0) as present_minutes,
        count(candles.first_streamed_at)::number(38, 0) as streamed_minutes,
        count_if(candles.is_late)::number(38, 0) as late_minutes,
        count_if(candles.is_corrected)::number(38, 0) as corrected_minutes,
        min(iff(candles.first_streamed_at is not null, candles.open_time, null)) as first_streamed_open_time,
        max(iff(candles.first_streamed_at is not null, candles.open_time, null)) as last_streamed_open_time,
        (percentile_cont(0.50) within group (order by candles.lag_ms) / 1000)::number(18, 3) as lag_p50_seconds,
        (percentile_cont(0.95) within group (order by candles.lag_ms) / 1000)::number(18, 3) as lag_p95_seconds,
        (percentile_cont(0.99) within group (order by candles.lag_ms) / 1000)::number(18, 3) as lag_p99_seconds,
        max(candles.last_landed_at) as last_landed_at
    from candles
    {% if is_incremental() %}
        inner join touched
            on
                candles.exchange = touched.exchange
                and candles.symbol = touched.symbol
                and candles.date_day = touched.date_day
    {% endif %}
    group by candles.exchange, candles.symbol, candles.date_day

)

select * from days
