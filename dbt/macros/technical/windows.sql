{# The rows of one symbol in the order of time. "Last n" means n existing candles: a candle that is missing is not replaced by anything. #}
{% macro symbol_rows(first, last='current row') -%}
over (
            partition by exchange, symbol
            order by candle_number
            rows between {{ first }} and {{ last }}
        )
{%- endmacro %}

{# The last n candles, this one included #}
{% macro last_candles(n) -%}
{{ symbol_rows((n - 1) ~ ' preceding') }}
{%- endmacro %}

{# The n candles before this one #}
{% macro candles_before(n) -%}
{{ symbol_rows(n ~ ' preceding', '1 preceding') }}
{%- endmacro %}

{# The value one candle earlier #}
{% macro previous(column) -%}
lag({{ column }}) over (partition by exchange, symbol order by candle_number)
{%- endmacro %}

{# Null until the symbol has n candles #}
{% macro from_candle(n, expression) -%}
case when candle_number >= {{ n }} then {{ expression }} end
{%- endmacro %}

{# A quotient of two columns as a double, null where the divisor is zero #}
{% macro ratio(dividend, divisor) -%}
cast({{ dividend }} as double) / nullif(cast({{ divisor }} as double), 0)
{%- endmacro %}
