{# Not to_timestamp_ntz(number): that one guesses the unit from the number's size. #}
{% macro from_epoch_ms(expression) -%}
    dateadd('millisecond', {{ expression }}, '1970-01-01'::timestamp_ntz)
{%- endmacro %}

{# The connector's clock when it took the record; where it is told not to stamp that, Kafka's. #}
{% macro landed_epoch_ms() -%}
    coalesce(record_metadata:SnowflakeConnectorPushTime::number, record_metadata:CreateTime::number)
{%- endmacro %}
