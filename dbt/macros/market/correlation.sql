{#
    Pearson's correlation from sums of values, squares and products. Null with fewer than three pairs, or when one of both does not vary, but for a
    double's last digits. Rounding may lead a hair outside of -1 to 1, so it is held inside.
#}
{% macro correlation(n, sum_a, sum_b, sum_aa, sum_bb, sum_ab) -%}
    case
        when
            {{ n }} >= 3
            and {{ n }} * {{ sum_aa }} - {{ sum_a }} * {{ sum_a }} > 1e-12 * {{ n }} * {{ sum_aa }}
            and {{ n }} * {{ sum_bb }} - {{ sum_b }} * {{ sum_b }} > 1e-12 * {{ n }} * {{ sum_bb }}
            then greatest(-1, least(
                1,
                ({{ n }} * {{ sum_ab }} - {{ sum_a }} * {{ sum_b }})
                / nullif(
                    sqrt({{ n }} * {{ sum_aa }} - {{ sum_a }} * {{ sum_a }})
                    * sqrt({{ n }} * {{ sum_bb }} - {{ sum_b }} * {{ sum_b }}),
                    0
                )
            ))
    end
{%- endmacro %}
