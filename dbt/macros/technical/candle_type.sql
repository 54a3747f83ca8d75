{#
The name of a candle by its form and, where the form alone is ambiguous, by the move before it (previous close against the previous SMA 10).
Two-candle patterns come first, then the forms from the most to the least specific. Definitions: models/marts/technical/_technical.yml.
#}
{% macro candle_type() -%}
case
            when candle_range = 0 then 'four_price_doji'
            when
                close_price > open_price and previous_close < previous_open
                and open_price <= previous_close and close_price >= previous_open and body > previous_open - previous_close
                then 'bullish_engulfing'
            when
                close_price < open_price and previous_close > previous_open
                and open_price >= previous_close and close_price <= previous_open and body > previous_close - previous_open
                then 'bearish_engulfing'
            when body * 10 <= candle_range and upper_wick * 10 <= candle_range then 'dragonfly_doji'
            when body * 10 <= candle_range and lower_wick * 10 <= candle_range then 'gravestone_doji'
            when body * 10 <= candle_range then 'doji'
            when lower_wick >= body * 2 and upper_wick * 10 <= candle_range and previous_close < previous_sma_10 then 'hammer'
            when lower_wick >= body * 2 and upper_wick * 10 <= candle_range and previous_close > previous_sma_10 then 'hanging_man'
            when upper_wick >= body * 2 and lower_wick * 10 <= candle_range and previous_close < previous_sma_10 then 'inverted_hammer'
            when upper_wick >= body * 2 and lower_wick * 10 <= candle_range and previous_close > previous_sma_10 then 'shooting_star'
            when body * 20 >= candle_range * 19 and close_price > open_price then 'bullish_marubozu'
            when body * 20 >= candle_range * 19 then 'bearish_marubozu'
            when body * 3 <= candle_range and upper_wick >= body and lower_wick >= body then 'spinning_top'
            when close_price > open_price then 'bullish'
            else 'bearish'
        end
{%- endmacro %}
