{# Change of the close against the previous close; null for a symbol's first candle #}
{% macro absolute_return() -%}
close_price - previous_close
{%- endmacro %}

{% macro percent_return() -%}
100 * {{ ratio('close_price - previous_close', 'previous_close') }}
{%- endmacro %}

{% macro log_return() -%}
ln(nullif({{ ratio('close_price', 'previous_close') }}, 0))
{%- endmacro %}

{% macro cumulative_percent_return() -%}
100 * {{ ratio('close_price - first_close', 'first_close') }}
{%- endmacro %}

{# Wilder: the largest of high - low and the distances of both from the previous close; the first candle has only high - low #}
{% macro true_range() -%}
greatest(
            high_price - low_price,
            abs(high_price - coalesce(previous_close, low_price)),
            abs(low_price - coalesce(previous_close, low_price))
        )
{%- endmacro %}

{# Annualised, as a fraction: the root of the mean squared log return times the root of the periods in 365 days #}
{% macro realised_volatility(periods, periods_per_year) -%}
case
            when candle_number > {{ periods }}
                then
                    sqrt(
                        {{ periods_per_year }} * avg(cast(log_return * log_return as double)) {{ last_candles(periods) }}
                    )
        end
{%- endmacro %}

{# Wilder: 100 - 100 / (1 + average gain / average loss), and 100 when there is no loss #}
{% macro relative_strength(average_gain, average_loss) -%}
case
            when {{ average_loss }} = 0 then 100
            else 100 - 100 / (1 + {{ average_gain }} / nullif({{ average_loss }}, 0))
        end
{%- endmacro %}

{# Where the price stands between the lower band (0) and the upper (1); null where the bands coincide, but for a double's last digits #}
{% macro bollinger_percent_b(price, middle, deviation) -%}
case
                    when {{ deviation }} > {{ middle }} * 1e-9
                        then 0.5 + (cast({{ price }} as double) - {{ middle }}) / (4 * {{ deviation }})
                end
{%- endmacro %}
