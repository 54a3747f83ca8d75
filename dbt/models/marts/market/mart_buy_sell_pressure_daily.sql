with hours as (

    select
        exchange,
        symbol,
        open_time::date as date_day,
        count_if(taker_buy_base_volume + taker_buy_base_volume > base_volume) as hours_of_buying,
        count_if(taker_buy_base_volume + taker_buy_base_volume < base_volume) as hours_of_selling
    from {{ ref('fct_candles_1h') }}
    group by exchange, symbol, open_time::date

),

days as (

    select
        exchange,
        symbol,
        open_time::date as date_day,
        is_complete,
        base_volume,
        taker_buy_base_volume as buy_base_volume,
        base_volume - taker_buy_base_volume as sell_base_volume,
        quote_volume,
        taker_buy_quote_volume + taker_buy_quote_volume - quote_volume as net_buy_quote_volume
    from {{ ref('fct_candles_1d') }}

),

pressures as (

    select
        days.exchange,
        days.symbol,
        days.date_day,
        days.buy_base_volume,
        days.sell_base_volume,
        days.buy_base_volume::double / nullif(days.base_volume, 0)::double as buy_ratio,
        (days.buy_base_volume - days.sell_base_volume)::double / nullif(days.base_volume, 0)::double as buy_pressure,
        days.net_buy_quote_volume,
        (
            sum(days.net_buy_quote_volume) over (
                partition by days.exchange, days.symbol order by days.date_day
                rows between unbounded preceding and current row
            )
        )::number(38, 18) as cumulative_net_buy_quote_volume,
        {# weighted by volume, not the mean of seven ratios #}
        (
            sum(days.net_buy_quote_volume) over (
                partition by days.exchange, days.symbol order by days.date_day rows between 6 preceding and current row
            )
        )::double / nullif(
            (
                sum(days.quote_volume) over (
                    partition by days.exchange, days.symbol order by days.date_day rows between 6 preceding and current row
                )
            )::double, 0
        ) as buy_pressure_7d,
        hours.hours_of_buying,
        hours.hours_of_selling,
        days.is_complete
    from days
    left join hours
        on
            days.exchange = hours.exchange
            and days.symbol = hours.symbol
            and days.date_day = hours.date_day

)

select
    exchange,
    symbol,
    date_day,
    buy_base_volume,
    sell_base_volume,
    net_buy_quote_volume,
    cumulative_net_buy_quote_volume
    {%- for float in ['buy_ratio', 'buy_pressure', 'buy_pressure_7d'] %},
    {{ statistic(float) }} as {{ float }}
    {%- endfor %},
    hours_of_buying,
    hours_of_selling,
    is_complete
from pressures
