{{
    config(
        materialized='incremental',
        incremental_strategy='merge_by_open_time',
        unique_key=['exchange', 'symbol', 'candle_interval', 'open_time'],
    )
}}

{{ candle_rollup('4h', 240) }}
