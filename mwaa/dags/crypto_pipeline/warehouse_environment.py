"""How dbt reaches the warehouse: SNOWFLAKE_* variables, the key from Secrets Manager."""

from crypto_pipeline.settings import WAREHOUSE_OPTIONS, local_environment, option, optional, runner


def warehouse_environment() -> dict[str, str]:
    """On AWS from `snowflake_*` options and the secret `transformer_secret`; on one machine from dbt.json."""
    if runner() == "process":
        return local_environment("dbt")
    option("snowflake_account")
    option("snowflake_user")
    given = {name: optional(f"snowflake_{name}") for name in WAREHOUSE_OPTIONS}
    environment = {f"SNOWFLAKE_{name.upper()}": value for name, value in given.items() if value}
    return environment | {"SNOWFLAKE_PRIVATE_KEY": private_key(option("transformer_secret"))}


def private_key(secret_id: str) -> str:
    """The secret is the key itself, as a PEM or its base64 in one line."""
    import boto3

    key = boto3.client("secretsmanager").get_secret_value(SecretId=secret_id).get("SecretString", "").strip()
    if not key:
        raise ValueError(f"expected a private key in the secret {secret_id}, got no text")
    return key
