select
    file_name,
    exchange,
    symbol,
    granularity,
    first_open_time,
    last_open_time,
    file_sha256,
    row_count,
    loaded_at
from {{ source('raw', 'archive_files') }}
qualify row_number() over (partition by file_name order by loaded_at desc) = 1
