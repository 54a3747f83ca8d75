{# Why a landed row is no candle, null when it is one: the message's own rules, in the order of their weight. #}
{% macro unreadable_reason() -%}
    case
        when exchange is null or symbol is null or candle_interval is null or open_time is null
            then 'no identity'
        when candle_interval <> '1m' then 'unknown interval'
        when source is null or source not in ('websocket', 'rest', 'archive') then 'unknown source'
        when open_price is null or high_price is null or low_price is null or close_price is null then 'no price'
        when
            base_volume is null or quote_volume is null
            or taker_buy_base_volume is null or taker_buy_quote_volume is null
            or trades is null
            then 'no volume'
        when open_time <> date_trunc('minute', open_time) then 'not on a full minute'
        when close_time is null or close_time <> dateadd('millisecond', 59999, open_time)
            then 'close time is not the end of the minute'
        when low_price > least(open_price, close_price) or high_price < greatest(open_price, close_price)
            then 'open or close outside of low to high'
        when low_price < 0 or base_volume < 0 or quote_volume < 0 or trades < 0 then 'negative'
        when taker_buy_base_volume > base_volume or taker_buy_quote_volume > quote_volume
            then 'takers bought more than was traded'
    end
{%- endmacro %}
