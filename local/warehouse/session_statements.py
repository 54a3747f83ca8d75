"""Parameters of the session. Those of the first list are kept and shown; all others are refused."""

import re

from answer import Answer, status, texts
from errors import unsupported
from session import Session

KEPT = {"QUERY_TAG", "STATEMENT_TIMEOUT_IN_SECONDS", "LOCK_TIMEOUT", "CLIENT_SESSION_KEEP_ALIVE"}
AS_IT_IS = {
    ("AUTOCOMMIT", "TRUE"),
    ("TIMEZONE", "UTC"),
    ("TIMESTAMP_TYPE_MAPPING", "TIMESTAMP_NTZ"),
    ("QUOTED_IDENTIFIERS_IGNORE_CASE", "FALSE"),
}
ALTER = re.compile(r"ALTER\s+SESSION\s+(?P<verb>SET|UNSET)\s+(?P<rest>[\s\S]+?)\s*;?\s*$", re.IGNORECASE)
SETTING = re.compile(r"(?P<name>\w+)\s*=\s*(?P<value>'(?:[^']|'')*'|[\w.+-]+)\s*,?\s*")
SHOW = re.compile(
    r"SHOW\s+PARAMETERS(\s+LIKE\s+'(?P<like>[^']*)')?(\s+(IN|FOR)\s+SESSION)?\s*;?\s*$", re.IGNORECASE
)


def session_statement(session: Session, sql: str) -> Answer | None:
    if found := SHOW.match(sql):
        return show(session, found["like"] or "%")
    found = ALTER.match(sql)
    if found is None:
        return None
    if found["verb"].upper() == "UNSET":
        for name in re.split(r"\s*,\s*", found["rest"].upper()):
            session.parameters.pop(name, None)
        return status()
    if SETTING.sub("", found["rest"]):
        raise unsupported(f"ALTER SESSION SET {found['rest']}")
    for setting in SETTING.finditer(found["rest"]):
        set_parameter(session, setting["name"].upper(), setting["value"].strip("'").replace("''", "'"))
    return status()


def set_parameter(session: Session, name: str, value: str) -> None:
    if name in KEPT:
        session.parameters[name] = value
    elif (name, value.upper()) not in AS_IT_IS:
        raise unsupported(f"ALTER SESSION SET {name} = {value}")


def show(session: Session, like: str) -> Answer:
    values = {name: value for name, value in AS_IT_IS} | {"QUERY_TAG": ""} | session.parameters
    pattern = re.compile(re.escape(like).replace("%", ".*"), re.IGNORECASE)
    rows = [
        [name, value, "", "SESSION", "", ""]
        for name, value in sorted(values.items())
        if pattern.fullmatch(name)
    ]
    return texts(["key", "value", "default", "level", "description", "type"], rows)
