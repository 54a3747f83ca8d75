{#
    The average price lies between the lowest and the highest, and is there exactly when something was traded. A billionth
    of the price is allowed for: the quote volume of each trade was rounded by the exchange, and so is the quotient.
#}
{% test vwap_between_low_and_high(model) %}

select *
from {{ model }}
where
    vwap < low_price * (1 - 1e-9)
    or vwap > high_price * (1 + 1e-9)
    or (vwap is null) <> (base_volume = 0)

{% endtest %}
