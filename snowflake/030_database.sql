-- In a schema with managed access only its owner grants: a program can't pass on what it was given or what it made.
USE ROLE SYSADMIN;

CREATE DATABASE IF NOT EXISTS CRYPTO_MARKET
    COMMENT = 'Crypto market candles: landing, models, marts';

CREATE SCHEMA IF NOT EXISTS CRYPTO_MARKET.RAW
    COMMENT = 'Landing tables, append-only; their DDL is in snowflake/ and nowhere else';
CREATE SCHEMA IF NOT EXISTS CRYPTO_MARKET.STAGING
    COMMENT = 'What dbt makes on the way';
CREATE SCHEMA IF NOT EXISTS CRYPTO_MARKET.MARTS
    COMMENT = 'What people and programs query';

-- To own a schema may not be enough to change who grants in it: that may ask for MANAGE GRANTS, too.
USE ROLE ACCOUNTADMIN;

ALTER SCHEMA CRYPTO_MARKET.RAW ENABLE MANAGED ACCESS;
ALTER SCHEMA CRYPTO_MARKET.STAGING ENABLE MANAGED ACCESS;
ALTER SCHEMA CRYPTO_MARKET.MARTS ENABLE MANAGED ACCESS;
