{# Whole days without a hole are never read: only the others' candles are walked through. #}
with incomplete as (

    select
        coverage.exchange,
        coverage.symbol,
        coverage.date_day,
        coverage.first_open_time,
        coverage.last_open_time
    from {{ ref('int_coverage_days') }} as coverage
    left join {{ ref('int_candle_days') }} as days
        on
            coverage.exchange = days.exchange
            and coverage.symbol = days.symbol
            and coverage.date_day = days.date_day
    where coverage.expected_minutes < 1440 or coalesce(days.present_minutes, 0) < 1440

),

candles as (

    select
        incomplete.exchange,
        incomplete.symbol,
        incomplete.first_open_time,
        candles.open_time,
        candles.first_landed_at
    from incomplete
    inner join {{ ref('int_candles') }} as candles
        on
            incomplete.exchange = candles.exchange
            and incomplete.symbol = candles.symbol
            and incomplete.date_day = candles.open_time::date
    where candles.open_time between incomplete.first_open_time and incomplete.last_open_time

),

absent as (

    select
        incomplete.exchange,
        incomplete.symbol,
        incomplete.first_open_time,
        minutes.open_time
    from incomplete
    inner join {{ ref('stg_archive__absent_minutes') }} as minutes
        on
            incomplete.exchange = minutes.exchange
            and incomplete.symbol = minutes.symbol
            and incomplete.date_day = minutes.open_time::date
    left join candles
        on
            minutes.exchange = candles.exchange
            and minutes.symbol = candles.symbol
            and minutes.open_time = candles.open_time
    where
        minutes.open_time between incomplete.first_open_time and incomplete.last_open_time
        and candles.open_time is null

),

{# Minutes of which something is known, and one beyond each end: what lies between two of them is unknown. #}
known as (

    select
        exchange,
        symbol,
        first_open_time,
        open_time,
        first_landed_at
    from candles
    union all
    select
        exchange,
        symbol,
        first_open_time,
        open_time,
        null as first_landed_at
    from absent
    union all
    select
        exchange,
        symbol,
        first_open_time,
        dateadd('minute', -1, first_open_time) as open_time,
        null as first_landed_at
    from incomplete
    union all
    select
        exchange,
        symbol,
        first_open_time,
        dateadd('minute', 1, last_open_time) as open_time,
        null as first_landed_at
    from incomplete

),

neighbours as (

    select
        *,
        lag(open_time) over (partition by exchange, symbol, first_open_time order by open_time) as previous_open_time
    from known

),

pieces as (

    select
        exchange,
        symbol,
        dateadd('minute', 1, previous_open_time) as first_open_time,
        dateadd('minute', -1, open_time) as last_open_time,
        false as is_absent,
        first_landed_at as noticed_at
    from neighbours
    where open_time > dateadd('minute', 1, previous_open_time)
    union all
    select
        exchange,
        symbol,
        open_time as first_open_time,
        open_time as last_open_time,
        true as is_absent,
        null as noticed_at
    from absent

),

opened as (

    select
        *,
        coalesce(
            first_open_time > dateadd(
                'minute', 1, lag(last_open_time) over (partition by exchange, symbol, is_absent order by first_open_time)
            ),
            true
        ) as opens_island
    from pieces

),

numbered as (

    select
        *,
        sum(iff(opens_island, 1, 0)) over (
            partition by exchange, symbol, is_absent
            order by first_open_time
            rows between unbounded preceding and current row
        ) as island_number
    from opened

)

select
    exchange,
    symbol,
    min(first_open_time) as first_open_time,
    max(last_open_time) as last_open_time,
    is_absent,
    min(noticed_at) as noticed_at
from numbered
group by exchange, symbol, is_absent, island_number
