select
    exchange,
    symbol,
    status,
    base_asset,
    quote_asset,
    fetched_at
from {{ source('raw', 'exchange_symbols') }}
qualify row_number() over (partition by exchange, symbol order by fetched_at desc) = 1
