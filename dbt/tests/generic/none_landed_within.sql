{# Nothing landed here in the last `hours`: fails while there is something to look at, and is quiet again a day later. #}
{% test none_landed_within(model, hours) %}

select *
from {{ model }}
where landed_at >= dateadd('hour', -{{ hours }}, sysdate())

{% endtest %}
