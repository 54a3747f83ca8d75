{# Tests of candles look at what landed since then, as nothing else has changed; all of it after a full refresh. #}
{% macro tested_since() -%}
    {%- if flags.FULL_REFRESH -%}
        '1970-01-01 00:00:00.000'::timestamp_ntz
    {%- else -%}
        dateadd('hour', -{{ var('tested_landing_hours') }}, sysdate())
    {%- endif -%}
{%- endmacro %}
