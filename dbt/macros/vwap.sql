{# Null without volume: no trade has no price. #}
{% macro vwap(quote_volume='quote_volume', base_volume='base_volume') -%}
    ({{ quote_volume }} / nullif({{ base_volume }}, 0))::number(38, 18)
{%- endmacro %}
