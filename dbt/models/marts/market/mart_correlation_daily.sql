{# Made anew from the day of the oldest hour on that landed since, for which the 29 days before it are read too. #}
{{
    config(
        materialized='incremental',
        unique_key=['exchange', 'symbol_a', 'symbol_b', 'date_day'],
        on_schema_change='append_new_columns',
        pre_hook="{{ delete_pairs_of_other_quotes(ref('dim_symbols')) }}",
    )
}}
{%- set technical = ref('fct_technical_1h') -%}
{%- set is_from_landing = is_incremental() and holds_landings() -%}
{%- if is_from_landing -%}
    {%- set since = since_ever() if has_new_symbols(technical, ref('dim_symbols')) else landed_since() -%}
    {%- set first_day = oldest_landed([technical], since) ~ '::date' -%}
{%- endif -%}

with returns as (

    select
        technical.exchange,
        technical.symbol,
        technical.open_time,
        technical.open_time::date as date_day,
        symbols.quote_asset,
        technical.log_return,
        technical.landed_at
    from {{ technical }} as technical
    inner join {{ ref('dim_symbols') }} as symbols
        on
            technical.exchange = symbols.exchange
            and technical.symbol = symbols.symbol
            and symbols.is_current
    {# A return over a gap is not an hour's, and an hour that is not whole has no close yet. #}
    where
        technical.is_complete
        and not technical.follows_gap
        and technical.log_return is not null
    {%- if is_from_landing %}
        and technical.open_time >= dateadd('day', -29, {{ first_day }})
    {%- endif %}

),

{# All that Pearson's correlation needs, by day, so that 30 days add up from 30 rows and not from 720. #}
daily_sums as (

    select
        a.exchange,
        a.symbol as symbol_a,
        b.symbol as symbol_b,
        a.quote_asset,
        a.date_day,
        datediff('day', '2017-01-01'::date, a.date_day) as day_number,
        count(*) as hours,
        sum(a.log_return) as sum_a,
        sum(b.log_return) as sum_b,
        sum(a.log_return * a.log_return) as sum_aa,
        sum(b.log_return * b.log_return) as sum_bb,
        sum(a.log_return * b.log_return) as sum_ab,
        max(greatest(a.landed_at, b.landed_at)) as landed_at
    from returns as a
    inner join returns as b
        on
            a.exchange = b.exchange
            and a.quote_asset = b.quote_asset
            and a.open_time = b.open_time
            and a.symbol < b.symbol
    group by a.exchange, a.symbol, b.symbol, a.quote_asset, a.date_day

),

sums as (

    select
        *
        {%- for name in ['hours', 'sum_a', 'sum_b', 'sum_aa', 'sum_bb', 'sum_ab'] %},
        sum({{ name }}) over (
            partition by exchange, symbol_a, symbol_b order by day_number
            range between 29 preceding and current row
        ) as {{ name }}_30d
        {%- endfor %}
    from daily_sums

),

correlations as (

    select
        *,
        {{ correlation('hours', 'sum_a', 'sum_b', 'sum_aa', 'sum_bb', 'sum_ab') }} as correlation_1d,
        {{ correlation('hours_30d', 'sum_a_30d', 'sum_b_30d', 'sum_aa_30d', 'sum_bb_30d', 'sum_ab_30d') }} as correlation_30d
    from sums

)

select
    exchange,
    symbol_a,
    symbol_b,
    date_day,
    quote_asset,
    hours as hours_1d,
    hours_30d,
    {{ statistic('correlation_1d') }} as correlation_1d,
    {{ statistic('correlation_30d') }} as correlation_30d,
    landed_at
from correlations
{%- if is_from_landing %}
where date_day >= {{ first_day }}
{%- endif %}
