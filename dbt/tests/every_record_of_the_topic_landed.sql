{#
    A record that was lost, or that Connect could not read and put into its dead-letter topic, leaves a hole between the
    offsets that landed. It fails for a day after the record behind the hole landed; mart_pipeline_audit counts it for ever.
#}
with records as (

    select
        topic,
        kafka_partition,
        kafka_offset,
        landed_at,
        lag(kafka_offset) over (partition by topic, kafka_partition order by kafka_offset, landed_at) as previous_offset
    from {{ ref('int_stream_candles') }}

)

select
    topic,
    kafka_partition,
    previous_offset + 1 as first_missing_offset,
    kafka_offset - 1 as last_missing_offset
from records
where
    kafka_offset > previous_offset + 1
    and landed_at >= dateadd('hour', -24, sysdate())
