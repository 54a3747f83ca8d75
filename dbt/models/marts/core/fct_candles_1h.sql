{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['exchange', 'symbol', 'candle_interval', 'open_time'],
    )
}}

{{ candle_rollup('1h', 60) }}
