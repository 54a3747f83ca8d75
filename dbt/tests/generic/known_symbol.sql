{# Each exchange and symbol has a current row in dim_symbols. #}
{% test known_symbol(model) %}

select distinct facts.exchange, facts.symbol
from {{ model }} as facts
left join {{ ref('dim_symbols') }} as symbols
    on
        facts.exchange = symbols.exchange
        and facts.symbol = symbols.symbol
        and symbols.is_current
where symbols.symbol is null

{% endtest %}
