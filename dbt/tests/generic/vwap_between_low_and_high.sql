{#
    Of what landed lately: the average price lies between the lowest and the highest, and is there exactly when something was traded. A billionth
    of the price is allowed for, as the quotient was rounded, and 10^-8 of the quote asset for each trade, as the exchange
    rounded what was paid.
#}
{% test vwap_between_low_and_high(model) %}

select *
from {{ model }}
where
    landed_at >= {{ tested_since() }}
    and (
        vwap < low_price * (1 - 1e-9) - trades * 1e-8 / nullif(base_volume::float, 0)
        or vwap > high_price * (1 + 1e-9) + trades * 1e-8 / nullif(base_volume::float, 0)
        or (vwap is null) <> (base_volume = 0)
    )

{% endtest %}
