{# No gap that is ours to fill was noticed longer than `hours` ago. #}
{% test no_gap_left_open(model, hours) %}

select *
from {{ model }}
where
    gap_class = 'ours'
    and noticed_at < dateadd('hour', -{{ hours }}, sysdate())

{% endtest %}
