-- The landing tables. All times are UTC.
--
-- Never CREATE OR REPLACE here: the connector's channels go with the old table, and rows are lost without a word. A new
-- column is an ALTER TABLE ... ADD COLUMN IF NOT EXISTS in a new numbered file; a column is never renamed or retyped.
USE ROLE SYSADMIN;

CREATE TABLE IF NOT EXISTS CRYPTO_MARKET.RAW.CANDLES_STREAM (
    RECORD_METADATA VARIANT COMMENT 'topic, partition, offset, key, CreateTime (epoch ms), SnowflakeConnectorPushTime',
    RECORD_CONTENT VARIANT COMMENT 'the message as it was in Kafka: one closed candle'
)
COMMENT = 'Every delivered record of topic candles-1m, written by Kafka Connect; a candle may be there more than once';

-- What the server can't read of a streamed row is kept beside the table, in place of being skipped without a word. The
-- other tables are written by COPY INTO, which refuses a bad file whole.
ALTER TABLE CRYPTO_MARKET.RAW.CANDLES_STREAM SET ERROR_LOGGING = TRUE;

CREATE TABLE IF NOT EXISTS CRYPTO_MARKET.RAW.CANDLES_ARCHIVE (
    EXCHANGE VARCHAR COMMENT 'binance',
    SYMBOL VARCHAR,
    CANDLE_INTERVAL VARCHAR COMMENT '1m',
    OPEN_TIME TIMESTAMP_NTZ(3),
    CLOSE_TIME TIMESTAMP_NTZ(3) COMMENT 'inclusive: the last millisecond of the candle',
    OPEN_PRICE NUMBER(38, 18),
    HIGH_PRICE NUMBER(38, 18),
    LOW_PRICE NUMBER(38, 18),
    CLOSE_PRICE NUMBER(38, 18),
    BASE_VOLUME NUMBER(38, 18),
    QUOTE_VOLUME NUMBER(38, 18),
    TAKER_BUY_BASE_VOLUME NUMBER(38, 18) COMMENT 'of BASE_VOLUME, what takers bought',
    TAKER_BUY_QUOTE_VOLUME NUMBER(38, 18) COMMENT 'of QUOTE_VOLUME, what takers bought',
    TRADES NUMBER(38, 0),
    SOURCE VARCHAR COMMENT 'archive or rest',
    SOURCE_FILE VARCHAR COMMENT 'FILE_NAME of ARCHIVE_FILES',
    FILE_SHA256 VARCHAR,
    LOADED_AT TIMESTAMP_NTZ(3)
)
COMMENT = 'History, written by the archive loader: one row per candle of each load of a file';

CREATE TABLE IF NOT EXISTS CRYPTO_MARKET.RAW.ARCHIVE_FILES (
    FILE_NAME VARCHAR,
    EXCHANGE VARCHAR,
    SYMBOL VARCHAR,
    GRANULARITY VARCHAR COMMENT 'daily, monthly or rest',
    FIRST_OPEN_TIME TIMESTAMP_NTZ(3) COMMENT 'of the range that was asked for',
    LAST_OPEN_TIME TIMESTAMP_NTZ(3) COMMENT 'of the range that was asked for, inclusive',
    FILE_SHA256 VARCHAR,
    ROW_COUNT NUMBER(38, 0),
    LOADED_AT TIMESTAMP_NTZ(3)
)
COMMENT = 'The manifest of loaded history: one row per load, the newest of a FILE_NAME counts';

CREATE TABLE IF NOT EXISTS CRYPTO_MARKET.RAW.ABSENT_MINUTES (
    EXCHANGE VARCHAR,
    SYMBOL VARCHAR,
    OPEN_TIME TIMESTAMP_NTZ(3),
    ASKED VARCHAR COMMENT 'archive or rest',
    CHECKED_AT TIMESTAMP_NTZ(3)
)
COMMENT = 'Minutes that the exchange was asked for and does not have: one row per check, the newest counts';

CREATE TABLE IF NOT EXISTS CRYPTO_MARKET.RAW.EXCHANGE_SYMBOLS (
    EXCHANGE VARCHAR,
    SYMBOL VARCHAR,
    STATUS VARCHAR COMMENT 'TRADING, HALT, BREAK, ... as the exchange says it',
    BASE_ASSET VARCHAR,
    QUOTE_ASSET VARCHAR,
    FETCHED_AT TIMESTAMP_NTZ(3)
)
COMMENT = 'What the exchange says of its symbols: one row per symbol and fetch';

CREATE FILE FORMAT IF NOT EXISTS CRYPTO_MARKET.RAW.TYPED_PARQUET
    TYPE = PARQUET
    USE_LOGICAL_TYPE = TRUE
    COMMENT = 'Timestamps and decimals as the file has them, not as bare integers';

CREATE STAGE IF NOT EXISTS CRYPTO_MARKET.RAW.ARCHIVE_STAGE
    FILE_FORMAT = (FORMAT_NAME = 'CRYPTO_MARKET.RAW.TYPED_PARQUET')
    COMMENT = 'Where the archive loader puts Parquet files before COPY INTO';
