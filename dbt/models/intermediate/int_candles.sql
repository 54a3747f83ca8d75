{{
    config(
        materialized='incremental',
        incremental_strategy='merge_by_open_time',
        unique_key=['exchange', 'symbol', 'candle_interval', 'open_time'],
    )
}}

{% set values = [
    'close_time', 'open_price', 'high_price', 'low_price', 'close_price', 'base_volume', 'quote_volume',
    'taker_buy_base_volume', 'taker_buy_quote_volume', 'trades',
] %}
{% if is_incremental() %}
    {%- set since = landed_since('last_landed_at') -%}
    {%- set oldest = oldest_landed([ref('int_stream_candles'), ref('stg_archive__candles')], since) -%}
{% endif %}

with stream as (

    select * from {{ ref('int_stream_candles') }}
    where unreadable_reason is null
    {% if is_incremental() %}
        and open_time >= {{ oldest }}
    {% endif %}

),

archive as (

    select * from {{ ref('stg_archive__candles') }}
    where {{ unreadable_reason() }} is null
    {% if is_incremental() %}
        and open_time >= {{ oldest }}
    {% endif %}

),

{% if is_incremental() %}
    landed as (

        select
            exchange,
            symbol,
            candle_interval,
            open_time
        from stream
        where landed_at >= {{ since }}
        union distinct
        select
            exchange,
            symbol,
            candle_interval,
            open_time
        from archive
        where landed_at >= {{ since }}

    ),

    counted as (

        select
            exchange,
            symbol,
            candle_interval,
            open_time,
            count(*) as candidate_count
        from (
            select
                exchange,
                symbol,
                candle_interval,
                open_time
            from stream
            union all
            select
                exchange,
                symbol,
                candle_interval,
                open_time
            from archive
        ) as all_candidates
        inner join landed using (exchange, symbol, candle_interval, open_time)
        group by exchange, symbol, candle_interval, open_time

    ),

    {#
        A candle is made anew from all its candidates, of any age, when it has more of them than it was made from: the
        landing only grows, so an equal count is the same candidates.
    #}
    touched as (

        select
            counted.exchange,
            counted.symbol,
            counted.candle_interval,
            counted.open_time
        from counted
        left join {{ this }} as held
            on
                counted.exchange = held.exchange
                and counted.symbol = held.symbol
                and counted.candle_interval = held.candle_interval
                and counted.open_time = held.open_time
                and held.open_time >= {{ oldest }}
        where held.candidate_count is null or held.candidate_count <> counted.candidate_count

    ),
{% endif %}

candidates as (

    select
        exchange, symbol, candle_interval, open_time, {{ values | join(', ') }}, source, landed_at,
        landed_at as streamed_at,
        source = 'websocket' and published_at <= dateadd('second', 60, close_time) as is_on_time,
        lpad(kafka_partition::varchar, 10, '0') || lpad(kafka_offset::varchar, 20, '0') as tie_breaker
    from stream
    {% if is_incremental() %}
        inner join touched using (exchange, symbol, candle_interval, open_time)
    {% endif %}
    union all
    select
        exchange, symbol, candle_interval, open_time, {{ values | join(', ') }}, source, landed_at,
        null as streamed_at,
        false as is_on_time,
        source_file as tie_breaker
    from archive
    {% if is_incremental() %}
        inner join touched using (exchange, symbol, candle_interval, open_time)
    {% endif %}

),

{# Nearly all candles landed once and go through as they are. Only the others are ranked: all at once would not fit. #}
counted_candidates as (

    select
        exchange,
        symbol,
        candle_interval,
        open_time,
        count(*) as candidate_count
    from candidates
    group by exchange, symbol, candle_interval, open_time
    having count(*) > 1

),

ranked as (

    select
        candidates.*,
        counted_candidates.candidate_count,
        {# What was asked for wins over what was sent, a later answer over an earlier one. #}
        row_number() over (
            partition by candidates.exchange, candidates.symbol, candidates.candle_interval, candidates.open_time
            order by iff(candidates.source = 'websocket', 1, 0), candidates.landed_at desc, candidates.tie_breaker desc
        ) as preference
    from candidates
    inner join counted_candidates
        on
            candidates.exchange = counted_candidates.exchange
            and candidates.symbol = counted_candidates.symbol
            and candidates.candle_interval = counted_candidates.candle_interval
            and candidates.open_time = counted_candidates.open_time

),

contested as (

    select
        exchange,
        symbol,
        candle_interval,
        open_time,
        min(landed_at) as first_landed_at,
        max(landed_at) as last_landed_at,
        min(streamed_at) as first_streamed_at,
        max(iff(is_on_time, 1, 0)) = 1 as is_on_time,
        count(distinct concat_ws('|', {{ values | join(', ') }})) - 1 as correction_count
    from ranked
    group by exchange, symbol, candle_interval, open_time

)

select
    candidates.exchange,
    candidates.symbol,
    candidates.candle_interval,
    candidates.open_time,
    {% for value in values -%}
        candidates.{{ value }},
    {% endfor -%}
    candidates.source,
    candidates.landed_at,
    candidates.landed_at as first_landed_at,
    candidates.landed_at as last_landed_at,
    candidates.streamed_at as first_streamed_at,
    candidates.streamed_at is not null and not coalesce(candidates.is_on_time, false) as is_late,
    1 as candidate_count,
    0 as correction_count,
    false as is_corrected
from candidates
left join counted_candidates
    on
        candidates.exchange = counted_candidates.exchange
        and candidates.symbol = counted_candidates.symbol
        and candidates.candle_interval = counted_candidates.candle_interval
        and candidates.open_time = counted_candidates.open_time
where counted_candidates.open_time is null
union all
select
    ranked.exchange,
    ranked.symbol,
    ranked.candle_interval,
    ranked.open_time,
    {% for value in values -%}
        ranked.{{ value }},
    {% endfor -%}
    ranked.source,
    ranked.landed_at,
    contested.first_landed_at,
    contested.last_landed_at,
    contested.first_streamed_at,
    contested.first_streamed_at is not null and not coalesce(contested.is_on_time, false) as is_late,
    ranked.candidate_count,
    contested.correction_count,
    contested.correction_count > 0 as is_corrected
from ranked
inner join contested
    on
        ranked.exchange = contested.exchange
        and ranked.symbol = contested.symbol
        and ranked.candle_interval = contested.candle_interval
        and ranked.open_time = contested.open_time
where ranked.preference = 1
