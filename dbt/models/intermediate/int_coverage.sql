{#
    What the warehouse answers for. The stream covers a symbol from its first to its last candle; up to the stream's own
    end when it is behind the others, but for a day at most, since symbols leave the watch list. A file covers what was
    asked for.
#}
with streamed as (

    select
        exchange,
        symbol,
        min(first_streamed_open_time) as first_open_time,
        max(last_streamed_open_time) as last_open_time
    from {{ ref('int_candle_days') }}
    where streamed_minutes > 0
    group by exchange, symbol

),

watermarks as (

    select
        exchange,
        dateadd('minute', -{{ var('gap_grace_minutes') }}, max(last_open_time)) as open_time
    from streamed
    group by exchange

),

declared as (

    select
        streamed.exchange,
        streamed.symbol,
        streamed.first_open_time,
        greatest(
            streamed.last_open_time, least(watermarks.open_time, dateadd('hour', 24, streamed.last_open_time))
        ) as last_open_time,
        true as is_streamed
    from streamed
    inner join watermarks on streamed.exchange = watermarks.exchange
    union all
    select
        exchange,
        symbol,
        first_open_time,
        last_open_time,
        false as is_streamed
    from {{ ref('stg_archive__files') }}
    where first_open_time <= last_open_time

),

{# Overlapping and touching ranges become one: a range opens where nothing before it reaches. #}
opened as (

    select
        *,
        coalesce(
            first_open_time > dateadd(
                'minute', 1, max(last_open_time) over (
                    partition by exchange, symbol
                    order by first_open_time, last_open_time
                    rows between unbounded preceding and 1 preceding
                )
            ),
            true
        ) as opens_range
    from declared

),

numbered as (

    select
        *,
        sum(iff(opens_range, 1, 0)) over (
            partition by exchange, symbol
            order by first_open_time, last_open_time
            rows between unbounded preceding and current row
        ) as range_number
    from opened

)

select
    exchange,
    symbol,
    min(first_open_time) as first_open_time,
    max(last_open_time) as last_open_time,
    min(iff(is_streamed, first_open_time, null)) as streamed_from,
    max(iff(is_streamed, last_open_time, null)) as streamed_to
from numbered
group by exchange, symbol, range_number
