select
    exchange,
    symbol,
    open_time,
    asked,
    checked_at
from {{ source('raw', 'absent_minutes') }}
qualify row_number() over (partition by exchange, symbol, open_time order by checked_at desc) = 1
