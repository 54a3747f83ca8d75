{#
    Whether a symbol that has candles became known, or was said to have another quote asset, since the pairs that this model holds were made: then
    their history counts, however long ago it landed. A symbol without another of its quote asset is in no pair, and one that shares no hour with any
    looks new each time, which costs time only.
#}
{% macro has_new_symbols(technical, symbols) -%}
    {%- set count -%}
with known as (
    select
        technical.exchange,
        technical.symbol,
        symbols.quote_asset
    from (select distinct exchange, symbol from {{ technical }}) as technical
    inner join {{ symbols }} as symbols
        on
            technical.exchange = symbols.exchange
            and technical.symbol = symbols.symbol
            and symbols.is_current
    qualify count(*) over (partition by technical.exchange, symbols.quote_asset) > 1
),

held as (
    select exchange, symbol_a as symbol, quote_asset from {{ this }}
    union
    select exchange, symbol_b as symbol, quote_asset from {{ this }}
),

unheld as (
    select exchange, symbol, quote_asset from known
    except
    select exchange, symbol, quote_asset from held
)

select count(*) from unheld
    {%- endset -%}
    {{ return(execute and run_query(count).columns[0].values()[0] > 0) }}
{%- endmacro %}

{# For before a build: pairs of a symbol that has another quote asset by now. A merge would leave them. #}
{% macro delete_pairs_of_other_quotes(symbols) -%}
    {%- if is_incremental() -%}
        delete from {{ this }} as held
        where exists (
            select 1
            from {{ symbols }} as symbols
            where
                symbols.exchange = held.exchange
                and symbols.symbol in (held.symbol_a, held.symbol_b)
                and symbols.quote_asset <> held.quote_asset
                and symbols.is_current
        )
    {%- endif -%}
{%- endmacro %}
