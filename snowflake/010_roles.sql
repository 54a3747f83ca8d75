-- What each program may be. None of them can change landed data, and no program gets an administrator's role.
USE ROLE USERADMIN;

CREATE ROLE IF NOT EXISTS CRYPTO_LOADER
    COMMENT = 'Appends to the landing tables of RAW: Kafka Connect and the archive loader';
CREATE ROLE IF NOT EXISTS CRYPTO_TRANSFORMER
    COMMENT = 'Reads RAW, and owns what dbt makes in STAGING and MARTS';
CREATE ROLE IF NOT EXISTS CRYPTO_READER
    COMMENT = 'Reads MARTS: dashboards and the quality exporter';

-- The archive loader asks the marts which minutes are missing.
GRANT ROLE CRYPTO_READER TO ROLE CRYPTO_LOADER;

-- Administrators reach what the programs own.
GRANT ROLE CRYPTO_LOADER TO ROLE SYSADMIN;
GRANT ROLE CRYPTO_TRANSFORMER TO ROLE SYSADMIN;
GRANT ROLE CRYPTO_READER TO ROLE SYSADMIN;
