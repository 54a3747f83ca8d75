{#
How far back the values of a candle reach: what is smoothed lives on for eight whole blocks (smoothed_averages), and the signal line is smoothed from what
is smoothed. With the candle's own block, and one for the candle before it, that is 18. What is older is not read; of it only the first close and how
many candles it are count, which this model holds. One row per symbol that has candles older than `oldest`.
#}
{% macro technical_reach(oldest) -%}
reach_ends as (
    select
        exchange,
        symbol,
        greatest(floor(max(candle_number) / {{ smoothing_block_rows() }}) - 18, 0) * {{ smoothing_block_rows() }} as candles_before
    from {{ this }}
    where open_time < {{ oldest }}
    group by exchange, symbol
),

reach as (
    select
        reach_ends.exchange,
        reach_ends.symbol,
        reach_ends.candles_before,
        first_in_reach.open_time as first_open_time,
        very_first.close_price as first_close
    from reach_ends
    inner join {{ this }} as first_in_reach
        on
            reach_ends.exchange = first_in_reach.exchange
            and reach_ends.symbol = first_in_reach.symbol
            and reach_ends.candles_before + 1 = first_in_reach.candle_number
    inner join {{ this }} as very_first
        on
            reach_ends.exchange = very_first.exchange
            and reach_ends.symbol = very_first.symbol
            and very_first.candle_number = 1
)
{%- endmacro %}

{# The first candle of any symbol that is read, as a literal. #}
{% macro oldest_in_reach(oldest) -%}
{%- set first -%}
with {{ technical_reach(oldest) }}

select least(min(first_open_time), {{ oldest }})::varchar from reach
{%- endset -%}
{{ time_found(first, '1970-01-01 00:00:00.000') }}
{%- endmacro %}
