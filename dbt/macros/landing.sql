{#
    Since when a row's landing makes it new to this model: the newest landing that the model holds, less a look-back,
    as a literal, so that the warehouse prunes by it. A landing dated in the future does not count, or a wrong clock
    would hide all that lands before it. The model's columns depend on landing times only, never on when it ran, so a
    build that was killed, repeated or late ends in the same rows as a full refresh.
#}
{% macro landed_since(landing_column='landed_at') -%}
    {%- if execute -%}
        {%- set newest -%}
            select dateadd('hour', -{{ var('landing_lookback_hours') }}, max({{ landing_column }}))::varchar
            from {{ this }}
            where {{ landing_column }} <= sysdate()
        {%- endset -%}
        {%- set found = run_query(newest).columns[0].values()[0] -%}
        '{{ found or "1970-01-01 00:00:00.000" }}'::timestamp_ntz
    {%- else -%}
        '1970-01-01 00:00:00.000'::timestamp_ntz
    {%- endif -%}
{%- endmacro %}

{# The oldest candle of `relation` that landed since then, as a literal; a far day when none did. #}
{% macro oldest_landed(relation, since) -%}
    {%- if execute -%}
        {%- set oldest -%}
            select min(open_time)::varchar from {{ relation }} where landed_at >= {{ since }}
        {%- endset -%}
        {%- set found = run_query(oldest).columns[0].values()[0] -%}
        '{{ found or "9999-01-01 00:00:00.000" }}'::timestamp_ntz
    {%- else -%}
        '1970-01-01 00:00:00.000'::timestamp_ntz
    {%- endif -%}
{%- endmacro %}
