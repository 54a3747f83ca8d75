{#
    A record that was lost, or that Connect could not read and put into its dead-letter topic, leaves a hole between the
    offsets that landed. It fails for a day after the record behind the hole landed; mart_pipeline_audit counts it for ever.
    It is a test of that mart, on which nothing is built: a failure stops no model.
#}
with records as (

    select
        landed.topic,
        landed.kafka_partition,
        landed.kafka_offset,
        landed.landed_at,
        lag(landed.kafka_offset) over (
            partition by landed.topic, landed.kafka_partition order by landed.kafka_offset, landed.landed_at
        ) as previous_offset
    from {{ ref('int_stream_candles') }} as landed
    inner join {{ ref('mart_pipeline_audit') }} as audit
        on
            landed.topic = audit.topic
            and landed.kafka_partition = audit.kafka_partition
    where audit.missing_offsets > 0

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
