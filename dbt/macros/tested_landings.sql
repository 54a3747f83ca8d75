{# Tests of candles look at what landed since then, as nothing else has changed; all of it after a full refresh. #}
{% macro tested_since() -%}
    {%- if flags.FULL_REFRESH -%}
        {{ since_ever() }}
    {%- else -%}
        dateadd('hour', -{{ var('tested_landing_hours') }}, sysdate())
    {%- endif -%}
{%- endmacro %}
