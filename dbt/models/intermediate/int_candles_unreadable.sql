{{ config(materialized='view') }}

with archive as (

    select
        *,
        {{ unreadable_reason() }} as unreadable_reason
    from {{ ref('stg_archive__candles') }}

)

select
    'stream' as landed_by,
    topic || '/' || kafka_partition || '/' || kafka_offset as origin,
    landed_at,
    unreadable_reason,
    unreadable_content as content
from {{ ref('int_stream_candles') }}
where unreadable_reason is not null
union all
select
    'archive' as landed_by,
    source_file as origin,
    landed_at,
    unreadable_reason,
    exchange || '/' || symbol || '/' || open_time::varchar as content
from archive
where unreadable_reason is not null
