{#
A statistic to 12 significant digits. The last digits of a double depend on the order in which an engine adds, so without this a rebuild or
another engine would give values that differ in their last digits.
#}
{% macro statistic(column) -%}
{%- set shift = 'pow(10, 11 - floor(log(10, nullif(abs(' ~ column ~ '), 0))))' -%}
coalesce(round({{ column }} * {{ shift }}) / {{ shift }}, {{ column }})
{%- endmacro %}
