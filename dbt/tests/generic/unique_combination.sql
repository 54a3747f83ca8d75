{#
    One row per combination of `columns`. Where candles only are written when they land, with `of_landed_lately`: from the
    oldest on that landed lately, as what is older was not written.
#}
{% test unique_combination(model, columns, of_landed_lately=false) %}

select {{ columns | join(', ') }}
from {{ model }}
{% if of_landed_lately %}
    where open_time >= {{ oldest_landed([model], tested_since()) }}
{% endif %}
group by {{ columns | join(', ') }}
having count(*) > 1

{% endtest %}
