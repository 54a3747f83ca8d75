with landings as (

    select
        exchange,
        symbol,
        max(last_landed_at) as last_landed_at
    from {{ ref('int_candle_days') }}
    group by exchange, symbol

)

select
    islands.exchange,
    islands.symbol,
    islands.first_open_time,
    islands.last_open_time,
    datediff('minute', islands.first_open_time, islands.last_open_time) + 1 as missing_minutes,
    case
        when islands.is_absent then 'exchange'
        when symbols.status <> 'TRADING' then 'delisted'
        else 'ours'
    end as gap_class,
    coalesce(islands.noticed_at, landings.last_landed_at) as noticed_at
from {{ ref('int_gap_islands') }} as islands
left join {{ ref('stg_exchange__symbols') }} as symbols
    on
        islands.exchange = symbols.exchange
        and islands.symbol = symbols.symbol
left join landings
    on
        islands.exchange = landings.exchange
        and islands.symbol = landings.symbol
