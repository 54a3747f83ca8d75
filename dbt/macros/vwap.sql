{#
    Null without volume: no trade has no price. Eight decimals are the exchange's own, and leave Snowflake's division room:
    of two numbers with 18 decimals the quotient's digits would not fit.
#}
{% macro vwap(quote_volume='quote_volume', base_volume='base_volume') -%}
    ({{ quote_volume }}::number(38, 8) / nullif({{ base_volume }}::number(38, 8), 0))::number(38, 18)
{%- endmacro %}
