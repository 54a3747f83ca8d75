{#
Recursive averages without recursion: a_n = a_(n-1) + alpha * (x_n - a_(n-1)) for every row n after the seed row, where a_seed is the plain mean
of the last `periods` values. That is a sum of terms, each weighted by (1 - alpha)^(age in rows): the seed by itself, then alpha * x_n.

Rows are taken in blocks (smoothing_block), so that the power which undoes the weight inside a block stays far from a double's limits. What earlier blocks
left behind is carried in; of those the last eight matter (older terms weigh less than 1e-65 for the slowest average here).

source    a CTE with exchange, symbol, candle_number (1, 2, 3 … per symbol) and the columns of smoothing_block()
result    the name of the CTE that has all columns of `source` and one per average; helper CTEs get it as a prefix
averages  a list of {name, value, periods, seed_row, alpha: [numerator, denominator]}; `value` is null or not looked at before seed_row - periods
#}
{% macro smoothed_averages(source, result, averages) -%}
{%- set block = smoothing_block_rows() -%}
{%- set carried_blocks = 8 -%}
{{ result }}_terms as (
    select
        {{ source }}.*
        {%- for average in averages %},
        case
            when {{ source }}.candle_number > {{ average.seed_row }}
                then {{ average.value }} * cast({{ average.alpha[0] }} as double) / {{ average.alpha[1] }}
            when {{ source }}.candle_number = {{ average.seed_row }}
                then avg(
                    case
                        when {{ source }}.candle_number
                            between {{ average.seed_row - average.periods + 1 }} and {{ average.seed_row }}
                            then cast({{ average.value }} as double)
                    end
                ) over (
                    partition by {{ source }}.exchange, {{ source }}.symbol
                    order by {{ source }}.candle_number
                    rows between unbounded preceding and unbounded following
                )
            else 0
        end as {{ average.name }}_term
        {%- endfor %}
    from {{ source }}
),

{{ result }}_sums as (
    select
        {{ result }}_terms.*
        {%- for average in averages %},
        sum({{ average.name }}_term * pow({{ _kept(average.alpha) }}, -block_row)) over (
            partition by exchange, symbol, block_number
            order by candle_number
            rows between unbounded preceding and current row
        ) * pow({{ _kept(average.alpha) }}, block_row) as {{ average.name }}_sum
        {%- endfor %}
    from {{ result }}_terms
),

{{ result }}_block_ends as (
    select
        exchange,
        symbol,
        block_number
        {%- for average in averages %},
        {{ average.name }}_sum
        {%- endfor %}
    from {{ result }}_sums
    where block_row = {{ block - 1 }}
),

{{ result }}_carries as (
    select
        latest.exchange,
        latest.symbol,
        latest.block_number
        {%- for average in averages %},
        sum(
            earlier.{{ average.name }}_sum
            * pow({{ _kept(average.alpha) }}, {{ block }} * (latest.block_number - earlier.block_number))
        ) as {{ average.name }}_carry
        {%- endfor %}
    from {{ result }}_block_ends as latest
    inner join {{ result }}_block_ends as earlier
        on
            latest.exchange = earlier.exchange
            and latest.symbol = earlier.symbol
            and earlier.block_number between latest.block_number - {{ carried_blocks - 1 }} and latest.block_number
    group by latest.exchange, latest.symbol, latest.block_number
),

{{ result }} as (
    select
        {{ result }}_sums.*
        {%- for average in averages %},
        case
            when {{ result }}_sums.candle_number >= {{ average.seed_row }}
                then
                    {{ result }}_sums.{{ average.name }}_sum
                    + coalesce({{ result }}_carries.{{ average.name }}_carry, 0)
                    * pow({{ _kept(average.alpha) }}, {{ result }}_sums.block_row + 1)
        end as {{ average.name }}
        {%- endfor %}
    from {{ result }}_sums
    left join {{ result }}_carries
        on
            {{ result }}_sums.exchange = {{ result }}_carries.exchange
            and {{ result }}_sums.symbol = {{ result }}_carries.symbol
            and {{ result }}_sums.block_number = {{ result }}_carries.block_number + 1
)
{%- endmacro %}

{# Where a row stands in its block: columns that smoothed_averages needs #}
{% macro smoothing_block(candle_number) -%}
floor(({{ candle_number }} - 1) / {{ smoothing_block_rows() }}) as block_number,
        mod({{ candle_number }} - 1, {{ smoothing_block_rows() }}) as block_row
{%- endmacro %}

{% macro smoothing_block_rows() -%}
{{ return(256) }}
{%- endmacro %}

{# 1 - alpha: the part of the average that is kept from row to row #}
{% macro _kept(alpha) -%}
(cast({{ alpha[1] - alpha[0] }} as double) / {{ alpha[1] }})
{%- endmacro %}

{# Exponential moving average: alpha = 2 / (periods + 1), seeded with the simple average of its first values #}
{% macro exponential_average(name, value, periods, first_row=1) -%}
{{ return({
    'name': name, 'value': value, 'periods': periods, 'seed_row': first_row + periods - 1, 'alpha': [2, periods + 1]
}) }}
{%- endmacro %}

{# Wilder's smoothing: alpha = 1 / periods, seeded with the simple average of its first values #}
{% macro wilder_average(name, value, periods, first_row=1) -%}
{{ return({
    'name': name, 'value': value, 'periods': periods, 'seed_row': first_row + periods - 1, 'alpha': [1, periods]
}) }}
{%- endmacro %}
