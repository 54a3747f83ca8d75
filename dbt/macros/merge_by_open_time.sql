{#
    dbt's merge, that looks for the candles it may already hold no further back than the oldest of the new ones: else each
    merge would read the key of every candle there is. The new ones are a table, as they are read twice.
#}
{% macro get_incremental_merge_by_open_time_sql(arg_dict) -%}
    {%- set oldest -%}
        select min(open_time)::varchar from {{ arg_dict['temp_relation'] }}
    {%- endset -%}
    {%- set predicate = 'DBT_INTERNAL_DEST.open_time >= ' ~ time_found(oldest, '9999-01-01 00:00:00.000') -%}
    {%- do arg_dict.update({'incremental_predicates': [predicate]}) -%}
    {{ return(get_incremental_merge_sql(arg_dict)) }}
{%- endmacro %}
