{# Amihud: absolute return per million of the quote asset traded; null without trades and for a symbol's first candle #}
{% macro illiquidity_per_million() -%}
abs(percent_return) * 10000 / nullif(cast(quote_volume as double), 0)
{%- endmacro %}

{# More than twice the mean volume of the 20 candles before #}
{% macro is_volume_spike() -%}
case when candle_number > 20 then base_volume * 10 > previous_volume_sum_20 end
{%- endmacro %}

{# No trades at all, or more than three times as illiquid as the 20 candles before on average #}
{% macro is_liquidity_stress() -%}
case
            when trades = 0 then true
            when candle_number > 21 then coalesce(illiquidity_per_million > 3 * usual_illiquidity, false)
        end
{%- endmacro %}

{# Takers' buying less their selling, as a share of all volume: 1 all buying, -1 all selling #}
{% macro buy_pressure(bought, total) -%}
{{ ratio(bought ~ ' + ' ~ bought ~ ' - ' ~ total, total) }}
{%- endmacro %}

{# SMA 50 above SMA 200, decided on exact sums: four times the one is compared with the other, so that flat prices can't seem to cross #}
{% macro is_sma_50_above_200() -%}
case
            when candle_number >= 200
                then close_sum_50 + close_sum_50 + close_sum_50 + close_sum_50 > close_sum_200
        end
{%- endmacro %}
