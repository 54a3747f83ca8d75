{{ technical_indicators(ref('fct_candles_1d'), 1440) }}
