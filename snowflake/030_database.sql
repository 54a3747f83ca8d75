-- In a schema with managed access only its owner grants: a program can't pass on what it was given or what it made.
USE ROLE SYSADMIN;

CREATE DATABASE IF NOT EXISTS CRYPTO_MARKET
    COMMENT = 'Crypto market candles: landing, models, marts';

CREATE SCHEMA IF NOT EXISTS CRYPTO_MARKET.RAW
    WITH MANAGED ACCESS
    COMMENT = 'Landing tables, append-only; their DDL is in snowflake/ and nowhere else';
CREATE SCHEMA IF NOT EXISTS CRYPTO_MARKET.STAGING
    WITH MANAGED ACCESS
    COMMENT = 'What dbt makes on the way';
CREATE SCHEMA IF NOT EXISTS CRYPTO_MARKET.MARTS
    WITH MANAGED ACCESS
    COMMENT = 'What people and programs query';
