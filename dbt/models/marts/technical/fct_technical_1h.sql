{{ technical_indicators(ref('fct_candles_1h'), 60) }}
