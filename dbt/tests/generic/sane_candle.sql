{# Of what landed lately: low <= open, close <= high; nothing negative; takers bought no more than was traded; the close follows the open. #}
{% test sane_candle(model) %}

select *
from {{ model }}
where
    landed_at >= {{ tested_since() }}
    and (
        low_price > least(open_price, close_price)
        or high_price < greatest(open_price, close_price)
        or least(low_price, base_volume, quote_volume, taker_buy_base_volume, taker_buy_quote_volume, trades) < 0
        or taker_buy_base_volume > base_volume
        or taker_buy_quote_volume > quote_volume
        or close_time <= open_time
        or candles_present not between 1 and candles_expected
        or is_complete <> (candles_present = candles_expected)
    )

{% endtest %}
