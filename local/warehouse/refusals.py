"""What is refused before DuckDB sees it: what it lacks, what it answers wrongly, what only it has."""

from errors import SqlError, unsupported
from sqlglot import Expr, exp

STATEMENTS = (
    exp.Query,
    exp.Insert,
    exp.Update,
    exp.Delete,
    exp.Merge,
    exp.TruncateTable,
    exp.Put,
    exp.Copy,
    exp.Use,
    exp.Show,
    exp.Describe,
    exp.Transaction,
    exp.Commit,
    exp.Rollback,
    exp.Alter,
)
CREATED = {"TABLE", "VIEW", "SCHEMA", "DATABASE", "STAGE", "FILE FORMAT", "SEQUENCE"}
DROPPED = {"TABLE", "VIEW", "SCHEMA", "DATABASE", "SEQUENCE"}
SHOWN = {
    "TABLES", "VIEWS", "OBJECTS", "SCHEMAS", "DATABASES", "COLUMNS", "STAGES", "FILE FORMATS", "SEQUENCES"
}  # fmt: skip
PROPERTIES = (
    exp.TransientProperty,
    exp.TemporaryProperty,
    exp.SchemaCommentProperty,
    exp.CopyGrantsProperty,
    exp.SecureProperty,
    exp.Cluster,
)
SETTINGS_WITHOUT_EFFECT = {
    "CHANGE_TRACKING",
    "DATA_RETENTION_TIME_IN_DAYS",
    "ENABLE_SCHEMA_EVOLUTION",
    "ERROR_LOGGING",
    "MAX_DATA_EXTENSION_TIME_IN_DAYS",
}
"""The README lists them too."""
FUNCTIONS = {"HASH", "HASH_AGG", "WIDTH_BUCKET", "CURRENT_STATEMENT", "LAST_QUERY_ID"}
TABLE_FUNCTIONS = {"FLATTEN", "GENERATOR", "RESULT_SCAN", "SPLIT_TO_TABLE", "EXPLODE"}
FOREIGN_PREFIXES = ("DUCKDB_", "PRAGMA_", "SQLITE_", "PG_", "_FS_")
FOREIGN_CATALOGS = {"SYSTEM", "MEMORY", "TEMP", "_FS_GLOBAL"}


def refuse(statement: Expr) -> None:
    refuse_kind(statement)
    if isinstance(statement, exp.Create):
        refuse_properties(statement)
    for node in statement.walk():
        match node:
            case exp.Table():
                refuse_table(node)
            case exp.MatchRecognize():
                raise unsupported("MATCH_RECOGNIZE")
            case exp.Func():
                name = (node.name if isinstance(node, exp.Anonymous) else node.sql_name()).upper()
                if name in FUNCTIONS:
                    raise unsupported(f"{name}()")
            case exp.Join() if str(node.args.get("kind") or node.args.get("method") or "").upper() == "ASOF":
                raise unsupported("ASOF JOIN")


def refuse_kind(statement: Expr) -> None:
    kind = str(statement.args.get("kind") or "").upper()
    if isinstance(statement, exp.Create | exp.Drop):
        known = CREATED if isinstance(statement, exp.Create) else DROPPED
        if kind not in known:
            raise unsupported(f"{statement.key.upper()} {kind}")
        if kind in ("SCHEMA", "DATABASE") and statement.args.get("replace"):
            raise unsupported(f"CREATE OR REPLACE {kind}")
    elif isinstance(statement, exp.Alter):
        if kind not in ("TABLE", "VIEW"):
            raise unsupported(f"ALTER {kind}")
        for action in statement.args.get("actions") or []:
            if isinstance(action, exp.Command | exp.AlterSet | exp.SwapTable):
                raise unsupported(f"ALTER {kind} {action.sql(dialect='snowflake')}")
    elif isinstance(statement, exp.Show):
        if statement.name.upper() not in SHOWN:
            raise unsupported(f"SHOW {statement.name.upper()}")
    elif not isinstance(statement, STATEMENTS):
        words = statement.sql(dialect="snowflake").split()[:2]
        if len(words) == 1 and isinstance(statement, exp.Column | exp.Alias):
            raise SqlError(
                f"SQL compilation error:\nsyntax error line 1 at position 0 unexpected '{words[0]}'."
            )
        raise unsupported(f"{' '.join(words).upper()} statements")


def refuse_properties(create: exp.Create) -> None:
    properties = create.args.get("properties")
    if create.kind in ("STAGE", "FILE FORMAT") or properties is None:
        if properties and any(p.name.upper() == "URL" for p in properties.expressions):
            raise unsupported("external stages")
        return
    for item in properties.expressions:
        if isinstance(item, PROPERTIES):
            continue
        if type(item) is exp.Property and item.name.upper() in SETTINGS_WITHOUT_EFFECT:
            continue
        raise unsupported(f"CREATE {create.kind} with {item.sql(dialect='snowflake')}")


def refuse_table(table: exp.Table) -> None:
    if table.args.get("when") or table.args.get("version"):
        raise unsupported("time travel")
    source = table.this
    if isinstance(source, exp.Func):
        name = (source.name if isinstance(source, exp.Anonymous) else source.sql_name()).upper()
        if name not in TABLE_FUNCTIONS:
            raise unsupported(f"the table function {name}()")
    elif isinstance(source, exp.Literal) and not table.find_ancestor(exp.Copy):
        raise unsupported("reading files by path; PUT them to a stage")
    if table.name.upper().startswith(FOREIGN_PREFIXES) or table.catalog.upper() in FOREIGN_CATALOGS:
        raise SqlError(
            f"SQL compilation error:\nObject '{table.name}' does not exist or not authorized.", 2003, "02000"
        )
