{# The same `columns` as in `relation`: none is missing, none is more. #}
{% test same_rows_as(model, relation, columns) %}

(
    select {{ columns | join(', ') }} from {{ relation }}
    except
    select {{ columns | join(', ') }} from {{ model }}
)
union all
(
    select {{ columns | join(', ') }} from {{ model }}
    except
    select {{ columns | join(', ') }} from {{ relation }}
)

{% endtest %}
