with hours as (

    select
        candles.exchange,
        candles.symbol,
        dayofweekiso(candles.open_time) as iso_day_of_week,
        hour(candles.open_time) as hour_of_day,
        candles.quote_volume,
        candles.base_volume,
        candles.taker_buy_base_volume,
        candles.trades,
        case when not technical.follows_gap then technical.percent_return end as percent_return,
        case when not technical.follows_gap then technical.log_return end as log_return,
        100 * technical.candle_range::double / nullif(candles.open_price, 0)::double as percent_range
    from {{ ref('fct_candles_1h') }} as candles
    inner join {{ ref('fct_technical_1h') }} as technical
        on
            candles.exchange = technical.exchange
            and candles.symbol = technical.symbol
            and candles.open_time = technical.open_time
    where candles.is_complete

),

usual as (

    select
        exchange,
        symbol,
        avg(quote_volume::double) as quote_volume
    from hours
    group by exchange, symbol

),

pattern as (

    select
        exchange,
        symbol,
        iso_day_of_week,
        hour_of_day,
        count(*) as hours_seen,
        avg(quote_volume::double) as average_quote_volume,
        avg(trades::double) as average_trades,
        avg(percent_return) as average_percent_return,
        sqrt(avg(log_return * log_return)) as hourly_volatility,
        avg(percent_range) as average_percent_range,
        avg(iff(percent_return > 0, 1::double, iff(percent_return is null, null, 0::double))) as rising_share,
        sum(taker_buy_base_volume)::double / nullif(sum(base_volume)::double, 0) as buy_ratio
    from hours
    group by exchange, symbol, iso_day_of_week, hour_of_day

),

compared as (

    select
        pattern.*,
        pattern.average_quote_volume / nullif(usual.quote_volume, 0) as relative_volume
    from pattern
    inner join usual
        on
            pattern.exchange = usual.exchange
            and pattern.symbol = usual.symbol

)

select
    exchange,
    symbol,
    iso_day_of_week,
    hour_of_day,
    hours_seen
    {%- for float in [
        'average_quote_volume', 'relative_volume', 'average_trades', 'average_percent_return', 'hourly_volatility',
        'average_percent_range', 'rising_share', 'buy_ratio',
    ] %},
    {{ statistic(float) }} as {{ float }}
    {%- endfor %}
from compared
