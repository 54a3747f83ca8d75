{#
    Since when a row's landing makes it new to this model: the newest landing that the model holds, less a look-back,
    as a literal, so that the warehouse prunes by it. A landing dated in the future does not count, or a wrong clock
    would hide all that lands before it. The model's columns depend on landing times only, never on when it ran, so a
    build that was killed, repeated or late ends in the same rows as a full refresh.
#}
{% macro landed_since(landing_column='landed_at') -%}
    {%- set newest -%}
        select dateadd('hour', -{{ var('landing_lookback_hours') }}, max({{ landing_column }}))::varchar
        from {{ this }}
        where {{ landing_column }} <= sysdate()
    {%- endset -%}
    {{ time_found(newest, '1970-01-01 00:00:00.000') }}
{%- endmacro %}

{#
    The oldest candle of the relations that landed since then, as a literal: nothing before it has to be read, and the
    warehouse prunes by it. A far day when none did.
#}
{% macro oldest_landed(relations, since, landing_column='landed_at') -%}
    {%- set oldest -%}
        select min(open_time)::varchar
        from (
            {%- for relation in relations %}
            select min(open_time) as open_time from {{ relation }} where {{ landing_column }} >= {{ since }}
            {{- ' union all' if not loop.last }}
            {%- endfor %}
        ) as oldest_of_each
    {%- endset -%}
    {{ time_found(oldest, '9999-01-01 00:00:00.000') }}
{%- endmacro %}

{# False for a table that was made before the model kept landings: then all is made anew, and the column added. #}
{% macro holds_landings() -%}
{%- set names = adapter.get_columns_in_relation(this) | map(attribute='name') | map('lower') | list if execute else [] -%}
{{ return('landed_at' in names) }}
{%- endmacro %}

{# A time before all landings. #}
{% macro since_ever() -%}
    '1970-01-01 00:00:00.000'::timestamp_ntz
{%- endmacro %}

{# What the query finds, as a literal. #}
{% macro time_found(query, otherwise) -%}
    {%- if execute -%}
        '{{ run_query(query).columns[0].values()[0] or otherwise }}'::timestamp_ntz
    {%- else -%}
        {{ since_ever() }}
    {%- endif -%}
{%- endmacro %}
