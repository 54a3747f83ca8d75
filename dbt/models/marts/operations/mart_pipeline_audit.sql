select
    topic,
    kafka_partition,
    min(kafka_offset) as min_offset,
    max(kafka_offset) as max_offset,
    max(kafka_offset) - min(kafka_offset) + 1 as expected_offsets,
    count(distinct kafka_offset)::number(38, 0) as distinct_offsets,
    max(kafka_offset) - min(kafka_offset) + 1 - count(distinct kafka_offset) as missing_offsets,
    count(*) - count(distinct kafka_offset) as duplicate_rows,
    max(landed_at) as last_landed_at
from {{ ref('int_stream_candles') }}
group by topic, kafka_partition
