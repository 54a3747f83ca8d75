{#
    Of the candles in `relation`, those that this model does not hold as they are: a look-back brings back much that has
    not changed, and what is not written again is not read again further on. None of them opens before `oldest`.
#}
{% macro changed_candles(relation, oldest) -%}
    select {{ relation }}.*
    from {{ relation }}
    left join {{ this }} as held
        on
            {{ relation }}.exchange = held.exchange
            and {{ relation }}.symbol = held.symbol
            and {{ relation }}.candle_interval = held.candle_interval
            and {{ relation }}.open_time = held.open_time
            and held.open_time >= {{ oldest }}
    where
        held.open_time is null
        {%- for column in [
            'open_price', 'high_price', 'low_price', 'close_price', 'base_volume', 'quote_volume',
            'taker_buy_base_volume', 'taker_buy_quote_volume', 'trades', 'source', 'landed_at', 'candles_present',
        ] %}
        or {{ relation }}.{{ column }} <> held.{{ column }}
        {%- endfor %}
{%- endmacro %}
