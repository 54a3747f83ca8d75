"""Opens sessions. Nobody's password or key is checked; that the role exists and is the user's, is."""

from collections.abc import Mapping
from typing import Any

from account_statements import require_role
from fakesnow.transforms import SERVER_VERSION
from rewrite import unquote
from session import IDLE_LIMIT_SECONDS, Session, Sessions
from session_statements import set_parameter

PARAMETERS = [
    {"name": "TIMEZONE", "value": "UTC"},
    {"name": "AUTOCOMMIT", "value": True},
    {"name": "DATE_OUTPUT_FORMAT", "value": "YYYY-MM-DD"},
    {"name": "TIME_OUTPUT_FORMAT", "value": "HH24:MI:SS"},
    {"name": "TIMESTAMP_OUTPUT_FORMAT", "value": "YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM"},
    {"name": "TIMESTAMP_NTZ_OUTPUT_FORMAT", "value": "YYYY-MM-DD HH24:MI:SS.FF3"},
    {"name": "TIMESTAMP_LTZ_OUTPUT_FORMAT", "value": ""},
    {"name": "TIMESTAMP_TZ_OUTPUT_FORMAT", "value": ""},
    {"name": "BINARY_OUTPUT_FORMAT", "value": "HEX"},
    {"name": "CLIENT_SESSION_KEEP_ALIVE_HEARTBEAT_FREQUENCY", "value": 3600},
    # Lists of values come with the statement, not as files on a stage of their own.
    {"name": "CLIENT_STAGE_ARRAY_BINDING_THRESHOLD", "value": 2_000_000_000},
]
HEEDED = {"QUERY_TAG", "AUTOCOMMIT", "TIMEZONE"}
"""Session parameters that would change an answer; drivers send many that do not."""


def log_in(sessions: Sessions, data: dict[str, Any], asked: Mapping[str, str]) -> Session:
    """With the role and warehouse asked for, or the user's own; an unknown user is an administrator."""
    privileges = sessions.privileges
    user = unquote(data.get("LOGIN_NAME") or "ANONYMOUS")
    default_role = "PUBLIC" if privileges.exists("USER", user) else "ACCOUNTADMIN"
    role = unquote(asked.get("roleName") or privileges.defaults.get((user, "ROLE")) or default_role)
    require_role(privileges, user, role)
    warehouse = asked.get("warehouse") or privileges.defaults.get((user, "WAREHOUSE"))
    session = sessions.open(
        user, role, warehouse and unquote(warehouse), asked.get("databaseName"), asked.get("schemaName")
    )
    for name, value in (data.get("SESSION_PARAMETERS") or {}).items():
        if name.upper() in HEEDED:
            set_parameter(session, name.upper(), str(value))
    return session


def login_payload(session: Session) -> dict[str, Any]:
    return {
        "token": session.token,
        "masterToken": session.token,
        "validityInSeconds": IDLE_LIMIT_SECONDS,
        "masterValidityInSeconds": IDLE_LIMIT_SECONDS,
        "serverVersion": SERVER_VERSION,
        "parameters": PARAMETERS,
        "sessionInfo": {
            "databaseName": session.database,
            "schemaName": session.schema,
            "warehouseName": session.warehouse,
            "roleName": session.role,
        },
    }
