with expected as (

    select
        exchange,
        symbol,
        date_day,
        sum(expected_minutes) as expected_minutes
    from {{ ref('int_coverage_days') }}
    group by exchange, symbol, date_day

),

{# A gap may last for days: each day gets its part. #}
missing as (

    select
        gaps.exchange,
        gaps.symbol,
        days.date_day,
        gaps.gap_class,
        datediff(
            'minute',
            greatest(gaps.first_open_time, days.date_day::timestamp_ntz),
            least(gaps.last_open_time, dateadd('minute', 1439, days.date_day::timestamp_ntz))
        ) + 1 as minutes
    from {{ ref('fct_candle_gaps') }} as gaps
    inner join {{ ref('dim_dates') }} as days
        on days.date_day between gaps.first_open_time::date and gaps.last_open_time::date

),

missing_by_class as (

    select
        exchange,
        symbol,
        date_day,
        sum(minutes) as minutes,
        sum(iff(gap_class = 'exchange', minutes, 0)) as exchange_minutes,
        sum(iff(gap_class = 'delisted', minutes, 0)) as delisted_minutes,
        sum(iff(gap_class = 'ours', minutes, 0)) as ours_minutes
    from missing
    group by exchange, symbol, date_day

),

streamed as (

    select
        exchange,
        symbol,
        min(streamed_from) as streamed_from,
        max(streamed_to) as streamed_to
    from {{ ref('int_coverage') }}
    where streamed_from is not null
    group by exchange, symbol

),

{# Healed: the stream should have brought the minute and did not, and history has it. #}
healed as (

    select
        streamed.exchange,
        streamed.symbol,
        candles.open_time::date as date_day,
        count(*) as minutes
    from streamed
    inner join {{ ref('int_candle_days') }} as days
        on
            streamed.exchange = days.exchange
            and streamed.symbol = days.symbol
            and days.date_day between streamed.streamed_from::date and streamed.streamed_to::date
            and days.present_minutes > days.streamed_minutes
    inner join {{ ref('int_candles') }} as candles
        on
            days.exchange = candles.exchange
            and days.symbol = candles.symbol
            and days.date_day = candles.open_time::date
            and candles.open_time between streamed.streamed_from and streamed.streamed_to
    where candles.first_streamed_at is null
    group by streamed.exchange, streamed.symbol, candles.open_time::date

)

select
    expected.exchange,
    expected.symbol,
    expected.date_day,
    expected.expected_minutes::number(38, 0) as expected_minutes,
    (expected.expected_minutes - coalesce(missing.minutes, 0))::number(38, 0) as present_minutes,
    coalesce(days.late_minutes, 0)::number(38, 0) as late_minutes,
    coalesce(days.corrected_minutes, 0)::number(38, 0) as corrected_minutes,
    coalesce(healed.minutes, 0)::number(38, 0) as healed_minutes,
    coalesce(missing.minutes, 0)::number(38, 0) as missing_minutes,
    coalesce(missing.exchange_minutes, 0)::number(38, 0) as missing_exchange_minutes,
    coalesce(missing.delisted_minutes, 0)::number(38, 0) as missing_delisted_minutes,
    coalesce(missing.ours_minutes, 0)::number(38, 0) as missing_ours_minutes,
    days.lag_p50_seconds,
    days.lag_p95_seconds,
    days.lag_p99_seconds
from expected
left join {{ ref('int_candle_days') }} as days
    on
        expected.exchange = days.exchange
        and expected.symbol = days.symbol
        and expected.date_day = days.date_day
left join missing_by_class as missing
    on
        expected.exchange = missing.exchange
        and expected.symbol = missing.symbol
        and expected.date_day = missing.date_day
left join healed
    on
        expected.exchange = healed.exchange
        and expected.symbol = healed.symbol
        and expected.date_day = healed.date_day
