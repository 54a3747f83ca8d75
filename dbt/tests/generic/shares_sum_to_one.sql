{# `share` adds up to 1 over each group, but for its rounding; a group where all are null has nothing to share. #}
{% test shares_sum_to_one(model, share, within) %}

select {{ within | join(', ') }}
from {{ model }}
where {{ share }} is not null
group by {{ within | join(', ') }}
having abs(sum({{ share }}) - 1) > 1e-9

{% endtest %}
