{# Made anew from the day of the oldest hour on that landed since, for whose first spread the hour before it is read too. #}
{{
    config(
        materialized='incremental',
        unique_key=['exchange', 'symbol', 'date_day'],
        on_schema_change='append_new_columns',
    )
}}
{%- set technical = ref('fct_technical_1h') -%}
{%- set is_from_landing = is_incremental() and holds_landings() -%}
{%- if is_from_landing -%}
    {%- set first_day = oldest_landed([technical], landed_since()) ~ '::date' -%}
{%- endif -%}

with hours as (

    select
        candles.exchange,
        candles.symbol,
        candles.open_time,
        candles.open_time::date as date_day,
        candles.high_price,
        candles.low_price,
        candles.quote_volume,
        candles.trades,
        technical.follows_gap,
        technical.is_liquidity_stress,
        technical.illiquidity_per_million,
        technical.landed_at,
        {# natural logarithm of high / low, which Parkinson and Corwin and Schultz start from #}
        case when candles.low_price > 0 then ln(candles.high_price::double / candles.low_price::double) end as log_range,
        lag(candles.high_price) over (
            partition by candles.exchange, candles.symbol order by candles.open_time
        ) as previous_high,
        lag(candles.low_price) over (
            partition by candles.exchange, candles.symbol order by candles.open_time
        ) as previous_low
    from {{ ref('fct_candles_1h') }} as candles
    inner join {{ technical }} as technical
        on
            candles.exchange = technical.exchange
            and candles.symbol = technical.symbol
            and candles.open_time = technical.open_time
    {%- if is_from_landing %}
    where
        candles.open_time >= dateadd('hour', -1, {{ first_day }})
        and technical.open_time >= dateadd('hour', -1, {{ first_day }})
    {%- endif %}

),

pairs as (

    select
        *,
        case
            when not follows_gap and previous_low > 0 and low_price > 0
                then
                    pow(ln(previous_high::double / previous_low::double), 2) + pow(log_range, 2)
        end as beta,
        case
            when not follows_gap and previous_low > 0 and low_price > 0
                then
                    pow(
                        ln(greatest(high_price, previous_high)::double / least(low_price, previous_low)::double), 2
                    )
        end as gamma
    from hours

),

spreads as (

    select
        *,
        {# 3 - 2 * sqrt(2) is the paper's constant; a negative estimate counts as zero, as the paper has it #}
        greatest(
            (sqrt(2 * beta) - sqrt(beta)) / (3 - 2 * sqrt(2)) - sqrt(gamma / (3 - 2 * sqrt(2))), 0
        ) as alpha
    from pairs

),

days as (

    select
        exchange,
        symbol,
        date_day,
        count(*) as hours_present,
        count_if(trades = 0) as hours_without_trades,
        count_if(is_liquidity_stress) as hours_of_stress,
        sum(quote_volume)::number(38, 18) as quote_volume,
        sum(trades)::number(38, 0) as trades,
        sum(quote_volume)::double / nullif(sum(trades)::double, 0) as average_trade_quote,
        avg(illiquidity_per_million) as illiquidity_per_million,
        100 * avg(iff(gamma is null, null, 2 * (exp(alpha) - 1) / (1 + exp(alpha)))) as spread_percent,
        sqrt(avg(log_range * log_range) / (4 * ln(2)) * 24 * 365) as parkinson_volatility,
        {# what a move of one percent between high and low cost on average #}
        sum(quote_volume)::double / nullif(100 * sum(log_range), 0) as quote_volume_per_percent_range,
        max(landed_at) as landed_at
    from spreads
    {%- if is_from_landing %}
    where date_day >= {{ first_day }}
    {%- endif %}
    group by exchange, symbol, date_day

)

select
    exchange,
    symbol,
    date_day,
    hours_present,
    hours_without_trades,
    hours_of_stress,
    quote_volume,
    trades
    {%- for float in [
        'average_trade_quote', 'illiquidity_per_million', 'spread_percent', 'parkinson_volatility',
        'quote_volume_per_percent_range',
    ] %},
    {{ statistic(float) }} as {{ float }}
    {%- endfor %},
    landed_at
from days
