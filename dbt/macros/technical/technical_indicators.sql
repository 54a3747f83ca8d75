{#
The technical indicators of a candle table: one row per candle. Rows count by the sequence of existing candles. An incremental build makes anew all
rows from the oldest candle on that landed since, as each depends on those before it, and reads no further back than anything reaches (technical_reach).

candles           relation with the columns of fct_candles_*
period_minutes    length of one candle
#}
{% macro technical_indicators(candles, period_minutes) -%}
{%- set periods_per_year = 365 * 1440 // period_minutes -%}
{%- set periods_7d = 7 * 1440 // period_minutes -%}
{%- set is_from_reach = is_incremental() and holds_landings() -%}
{%- if is_from_reach -%}
    {%- set oldest = oldest_landed([candles], landed_since()) -%}
{%- endif -%}
with {% if is_from_reach -%}
{{ technical_reach(oldest) }},

{% endif -%}
numbered as (
    select
        held.exchange,
        held.symbol,
        held.open_time,
        held.is_complete,
        held.open_price,
        held.high_price,
        held.low_price,
        held.close_price,
        held.base_volume,
        held.quote_volume,
        held.taker_buy_base_volume,
        held.trades,
        held.landed_at,
        {% if is_from_reach -%}
        reach.first_close as known_first_close,
        (
            coalesce(reach.candles_before, 0)
            + row_number() over (partition by held.exchange, held.symbol order by held.open_time)
        )::number(38, 0) as candle_number
        {% else -%}
        null::number(38, 18) as known_first_close,
        row_number() over (partition by held.exchange, held.symbol order by held.open_time) as candle_number
        {% endif %}
    from {{ candles }} as held
    {% if is_from_reach -%}
    left join reach
        on
            held.exchange = reach.exchange
            and held.symbol = reach.symbol
    where
        held.open_time >= {{ oldest_in_reach(oldest) }}
        and held.open_time >= coalesce(reach.first_open_time, {{ oldest }})
    {% endif -%}
),

candles as (
    select
        numbered.*,
        {{ smoothing_block('candle_number') }},
        {{ previous('open_time') }} as previous_open_time,
        {{ previous('open_price') }} as previous_open,
        {{ previous('close_price') }} as previous_close,
        coalesce(
            known_first_close,
            first_value(close_price) over (
                partition by exchange, symbol
                order by candle_number
                rows between unbounded preceding and current row
            )
        ) as first_close
    from numbered
),

moves as (
    select
        candles.*,
        {{ absolute_return() }} as absolute_return,
        {{ percent_return() }} as percent_return,
        {{ log_return() }} as log_return,
        {{ cumulative_percent_return() }} as cumulative_percent_return,
        {{ true_range() }} as true_range,
        case when close_price > previous_close then close_price - previous_close else 0 end as gain,
        case when close_price < previous_close then previous_close - close_price else 0 end as loss,
        high_price - low_price as candle_range,
        abs(close_price - open_price) as body,
        high_price - greatest(open_price, close_price) as upper_wick,
        least(open_price, close_price) - low_price as lower_wick,
        coalesce(
            datediff('minute', previous_open_time, open_time) <> {{ period_minutes }}, false
        ) as follows_gap
    from candles
),

windows as (
    select
        moves.*,
        sum(close_price) {{ last_candles(10) }} as close_sum_10,
        sum(close_price) {{ last_candles(20) }} as close_sum_20,
        sum(close_price) {{ last_candles(50) }} as close_sum_50,
        sum(close_price) {{ last_candles(200) }} as close_sum_200,
        sum(base_volume) {{ last_candles(20) }} as volume_sum_20,
        stddev_pop(cast(close_price as double)) {{ last_candles(20) }} as close_deviation_20,
        {{ realised_volatility(10, periods_per_year) }} as realised_volatility_10,
        {{ realised_volatility(20, periods_per_year) }} as realised_volatility_20,
        {{ realised_volatility(periods_7d, periods_per_year) }} as realised_volatility_7d,
        {{ from_candle(21, 'max(high_price) ' ~ candles_before(20)) }} as highest_high_20,
        {{ from_candle(21, 'min(low_price) ' ~ candles_before(20)) }} as lowest_low_20,
        {{ illiquidity_per_million() }} as illiquidity_per_million
    from moves
),

{{ smoothed_averages('windows', 'averages', [
    exponential_average('ema_12', 'close_price', 12),
    exponential_average('ema_26', 'close_price', 26),
    wilder_average('average_gain_14', 'gain', 14, first_row=2),
    wilder_average('average_loss_14', 'loss', 14, first_row=2),
    wilder_average('atr_14', 'true_range', 14),
]) }},

indicators as (
    select
        averages.*,
        {{ from_candle(10, 'cast(close_sum_10 as double) / 10') }} as sma_10,
        {{ from_candle(20, 'cast(close_sum_20 as double) / 20') }} as sma_20,
        {{ from_candle(50, 'cast(close_sum_50 as double) / 50') }} as sma_50,
        {{ from_candle(200, 'cast(close_sum_200 as double) / 200') }} as sma_200,
        {{ is_sma_50_above_200() }} as is_sma_50_above_200,
        {{ from_candle(20, 'cast(volume_sum_20 as double) / 20') }} as volume_sma_20,
        ema_12 - ema_26 as macd_line,
        {{ relative_strength('average_gain_14', 'average_loss_14') }} as rsi_14,
        avg(cast(illiquidity_per_million as double)) {{ candles_before(20) }} as usual_illiquidity
    from averages
),

{{ smoothed_averages('indicators', 'signals', [
    exponential_average('macd_signal', 'macd_line', 9, first_row=26),
]) }},

described as (
    select
        signals.*,
        macd_line - macd_signal as macd_histogram,
        {{ previous('sma_10') }} as previous_sma_10,
        {{ previous('volume_sum_20') }} as previous_volume_sum_20,
        {{ previous('is_sma_50_above_200') }} as was_sma_50_above_200,
        {{ from_candle(20, 'sma_20 + 2 * close_deviation_20') }} as bollinger_upper,
        {{ from_candle(20, 'sma_20 - 2 * close_deviation_20') }} as bollinger_lower,
        {{ from_candle(20, '400 * close_deviation_20 / nullif(sma_20, 0)') }} as bollinger_bandwidth_percent,
        {{ from_candle(20, bollinger_percent_b('close_price', 'sma_20', 'close_deviation_20')) }} as bollinger_percent_b,
        {{ ratio('body', 'candle_range') }} as body_ratio,
        {{ ratio('upper_wick', 'candle_range') }} as upper_wick_ratio,
        {{ ratio('lower_wick', 'candle_range') }} as lower_wick_ratio,
        {{ ratio('base_volume', 'volume_sma_20') }} as volume_ratio,
        {{ ratio('taker_buy_base_volume', 'base_volume') }} as buy_ratio,
        {{ buy_pressure('taker_buy_base_volume', 'base_volume') }} as buy_pressure
    from signals
)

select
    exchange,
    symbol,
    open_time,
    candle_number,
    is_complete,
    follows_gap,
    close_price,
    {%- for exact in ['absolute_return', 'true_range', 'candle_range', 'body', 'upper_wick', 'lower_wick'] %}
    cast({{ exact }} as number(38, 18)) as {{ exact }},
    {%- endfor %}
    highest_high_20,
    lowest_low_20,
    {%- for float in [
        'percent_return', 'log_return', 'cumulative_percent_return',
        'sma_10', 'sma_20', 'sma_50', 'sma_200', 'ema_12', 'ema_26',
        'macd_line', 'macd_signal', 'macd_histogram', 'rsi_14',
        'bollinger_upper', 'bollinger_lower', 'bollinger_bandwidth_percent', 'bollinger_percent_b', 'atr_14',
        'realised_volatility_10', 'realised_volatility_20', 'realised_volatility_7d',
        'body_ratio', 'upper_wick_ratio', 'lower_wick_ratio',
        'volume_sma_20', 'volume_ratio', 'buy_ratio', 'buy_pressure', 'illiquidity_per_million',
    ] %}
    {{ statistic(float) }} as {{ float }},
    {%- endfor %}
    case when candle_number > 200 then is_sma_50_above_200 and not was_sma_50_above_200 end as is_golden_cross,
    case when candle_number > 200 then not is_sma_50_above_200 and was_sma_50_above_200 end as is_death_cross,
    {{ candle_type() }} as candle_type,
    {{ is_volume_spike() }} as is_volume_spike,
    case when candle_number > 20 then close_price > highest_high_20 end as is_breakout_up,
    case when candle_number > 20 then close_price < lowest_low_20 end as is_breakout_down,
    {{ is_liquidity_stress() }} as is_liquidity_stress,
    landed_at
from described
{% if is_from_reach -%}
where open_time >= {{ oldest }}
{% endif -%}
{%- endmacro %}
