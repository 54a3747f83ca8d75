{#
    A statistic to 12 significant digits. The last digits of a double depend on the order in which an engine adds, so that without this a rebuild or
    another engine would give values that differ in them. What is added keeps the logarithm of zero away.
#}
{% macro statistic(column) -%}
{%- set shift = 'pow(10, 11 - floor(log(10, abs(' ~ column ~ ') + 1e-30)))' -%}
round({{ column }} * {{ shift }}) / {{ shift }}
{%- endmacro %}
