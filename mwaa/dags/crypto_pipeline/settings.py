"""Airflow's own configuration, section `crypto`: read when a task runs, never when a DAG file is imported."""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from airflow.configuration import conf

SECTION = "crypto"

RUNNERS = ("aws", "process")

WAREHOUSE_OPTIONS = ("account", "host", "port", "protocol", "user", "role", "warehouse", "database")


class MissingOption(ValueError):
    """Says which option of the section is missing or wrong, and under which name to set it."""


def option(name: str, default: str | None = None) -> str:
    value = conf.get(SECTION, name, fallback=None) or default
    if value is None:
        raise MissingOption(f"expected Airflow option [{SECTION}] {name}, got none: {where_to_set(name)}")
    return value


def optional(name: str) -> str | None:
    return conf.get(SECTION, name, fallback=None) or None


def list_option(name: str) -> list[str]:
    """A JSON list of strings, or words separated by commas."""
    text = option(name)
    if not text.lstrip().startswith("["):
        return [word.strip() for word in text.split(",") if word.strip()]
    try:
        words = json.loads(text)
    except json.JSONDecodeError as error:
        raise MissingOption(
            f"expected a JSON list in [{SECTION}] {name}, got {text!r}: {where_to_set(name)}"
        ) from error
    if not all(isinstance(word, str) for word in words):
        raise MissingOption(f"expected a JSON list of strings in [{SECTION}] {name}, got {text!r}")
    return words


def where_to_set(name: str) -> str:
    return (
        f"set AIRFLOW__{SECTION.upper()}__{name.upper()}, on MWAA the configuration option {SECTION}.{name}"
    )


def runner() -> str:
    """Where programs run: `aws` or `process`."""
    value = option("runner")
    if value not in RUNNERS:
        raise MissingOption(f"expected [{SECTION}] runner to be one of {', '.join(RUNNERS)}, got {value!r}")
    return value


@dataclass(frozen=True)
class DbtSettings:
    executable: str
    project: Path
    #: runs get a folder of their own below it, which is removed afterwards
    run_folder: Path
    #: where artifacts are kept, and the lock: s3://bucket/prefix or a folder
    artifacts: str


def dbt_settings() -> DbtSettings:
    return DbtSettings(
        executable=option("dbt_executable", "/usr/local/airflow/dbt-venv/bin/dbt"),
        project=Path(option("dbt_project", "/usr/local/airflow/dags/dbt")),
        run_folder=Path(option("run_folder", tempfile.gettempdir())),
        artifacts=option("artifacts"),
    )


def local_environment(program: str) -> dict[str, str]:
    """A program's environment on one machine: a JSON file that only its user may read, as it holds a key."""
    file = Path(option("environment_folder")) / f"{program}.json"
    try:
        return {name: str(value) for name, value in json.loads(file.read_text()).items()}
    except (OSError, ValueError) as error:
        raise MissingOption(f"expected {program}'s environment as JSON in {file}, got: {error}") from error
