with days as (

    select
        candles.exchange,
        candles.symbol,
        candles.open_time::date as date_day,
        symbols.quote_asset,
        candles.open_price,
        candles.close_price,
        candles.quote_volume,
        candles.trades,
        candles.is_complete
    from {{ ref('fct_candles_1d') }} as candles
    left join {{ ref('dim_symbols') }} as symbols
        on
            candles.exchange = symbols.exchange
            and candles.symbol = symbols.symbol
            and symbols.is_current

),

shares as (

    select
        *,
        100 * (close_price::double / nullif(open_price, 0)::double - 1) as percent_change,
        {# Volumes add up within one quote asset only. #}
        case
            when quote_asset is not null
                then
                    quote_volume::double
                    / nullif((sum(quote_volume) over (partition by exchange, quote_asset, date_day))::double, 0)
        end as volume_share
    from days

),

ranked as (

    select
        *,
        max(volume_share) over (partition by exchange, quote_asset, date_day) as dominance,
        sum(volume_share * volume_share) over (partition by exchange, quote_asset, date_day) as volume_concentration,
        {%- for rank, order in [
            ('volume_rank', 'quote_volume desc'),
            ('gainer_rank', 'percent_change desc nulls last'),
            ('loser_rank', 'percent_change asc nulls last'),
        ] %}
        case
            when quote_asset is not null
                then rank() over (partition by exchange, quote_asset, date_day order by {{ order }})
        end as {{ rank }}{{ ',' if not loop.last }}
        {%- endfor %}
    from shares

)

select
    exchange,
    symbol,
    date_day,
    quote_asset,
    open_price,
    close_price,
    quote_volume,
    trades,
    {%- for float in ['percent_change', 'volume_share', 'dominance', 'volume_concentration'] %}
    {{ statistic(float) }} as {{ float }},
    {%- endfor %}
    volume_rank,
    gainer_rank,
    loser_rank,
    is_complete
from ranked
