"""A statement as fakesnow understands it: no session functions, no constraints, temporary names local."""

import re

from session import Session
from sqlglot import Expr, exp

NAME_PART = re.compile(r'"[^"]+"|[\w$]+')
ENFORCED_NOWHERE = (exp.PrimaryKey, exp.ForeignKey, exp.UniqueColumnConstraint, exp.Reference, exp.Constraint)
ENFORCED_NOWHERE_IN_COLUMNS = (exp.PrimaryKeyColumnConstraint, exp.UniqueColumnConstraint, exp.Reference)


def rewrite(session: Session, original: Expr) -> Expr:
    expression = original.copy()
    if isinstance(expression, exp.Query):
        name_columns(expression)
    if isinstance(expression, exp.Create):
        drop_constraints(expression)
        drop_settings(expression)
    use_temporary_names(session, expression)
    return expression.transform(lambda node: answer_session_function(session, node), copy=False)


def name_columns(query: exp.Query) -> None:
    """Snowflake names a computed column by its text, in capitals; DuckDB by the function it ends up with."""
    for projection in query.selects:
        if not isinstance(projection, exp.Alias | exp.Column | exp.Star | exp.Subquery | exp.Dot):
            name = projection.sql(dialect="snowflake").upper()
            projection.replace(exp.alias_(projection.copy(), name, quoted=True))


def drop_constraints(create: exp.Create) -> None:
    """Snowflake enforces NOT NULL only; DuckDB would enforce the others too."""
    if not isinstance(create.this, exp.Schema):
        return
    kept = []
    for item in create.this.expressions:
        if isinstance(item, ENFORCED_NOWHERE):
            continue
        if isinstance(item, exp.ColumnDef):
            item.set(
                "constraints",
                [
                    constraint
                    for constraint in item.args.get("constraints") or []
                    if not isinstance(constraint.args.get("kind"), ENFORCED_NOWHERE_IN_COLUMNS)
                    and not isinstance(constraint.args.get("kind"), exp.CommentColumnConstraint)
                ],
            )
        kept.append(item)
    create.this.set("expressions", kept)


def drop_settings(create: exp.Create) -> None:
    properties = create.args.get("properties")
    if properties and create.kind not in ("STAGE", "FILE FORMAT"):
        kept = [
            item
            for item in properties.expressions
            if isinstance(item, exp.TemporaryProperty)
            or (isinstance(item, exp.SchemaCommentProperty) and create.kind in ("TABLE", "VIEW"))
        ]
        create.set("properties", exp.Properties(expressions=kept) if kept else None)


def full_name(session: Session, table: exp.Table) -> tuple[str, str, str]:
    """Database, schema and name as Snowflake stores them: capitals unless quoted."""
    parts = [stored(part) for part in (table.args.get("catalog"), table.args.get("db"), table.this)]
    return parts[0] or session.database or "", parts[1] or session.schema or "", parts[2]


def stored(identifier: Expr | None) -> str:
    if identifier is None:
        return ""
    quoted = isinstance(identifier, exp.Identifier) and identifier.quoted
    return identifier.name if quoted else identifier.name.upper()


def qualified(session: Session, name: str) -> tuple[str, str, str]:
    return full_name(session, exp.to_table(name, dialect="snowflake"))


def qualified_parts(session: Session, name: str, length: int) -> list[str]:
    """The last parts of a full name: 1 for a database, 2 for a schema, 3 for what is in one."""
    given = [unquote(part) for part in NAME_PART.findall(name)]
    context = [session.database or "", session.schema or "", ""]
    return [*context[: length - len(given)], *given]


def unquote(name: str) -> str:
    """A name as it is written in SQL, as Snowflake stores it."""
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.upper()


def note_temporary(session: Session, statement: Expr) -> None:
    """After a statement: what it made or dropped for this session only."""
    if isinstance(statement, exp.Create) and statement.find(exp.TemporaryProperty):
        session.temporary.add(full_name(session, created_table(statement)))
    elif isinstance(statement, exp.Drop) and isinstance(statement.this, exp.Table):
        session.temporary.discard(full_name(session, statement.this))


def created_table(create: exp.Create) -> exp.Table:
    return create.this.this if isinstance(create.this, exp.Schema) else create.this


def use_temporary_names(session: Session, expression: Expr) -> None:
    """DuckDB has all of a session's temporary objects in one place, whatever they are qualified with."""
    created = created_table(expression) if isinstance(expression, exp.Create) else None
    if created and expression.find(exp.TemporaryProperty):
        created.set("catalog", None)
        created.set("db", None)
    for table in expression.find_all(exp.Table):
        is_name = isinstance(table.this, exp.Identifier) and table is not created
        if is_name and full_name(session, table) in session.temporary:
            table.set("catalog", exp.to_identifier("temp"))
            table.set("db", exp.to_identifier("main"))


def answer_session_function(session: Session, node: Expr) -> Expr:
    if not isinstance(node, exp.Func) or node.expressions:
        return node
    name = (node.name if isinstance(node, exp.Anonymous) else node.sql_name()).upper()
    match name:
        case "CURRENT_ROLE":
            return text_or_null(session.role)
        case "CURRENT_USER":
            return text_or_null(session.user)
        case "CURRENT_WAREHOUSE":
            return text_or_null(session.warehouse)
        case "CURRENT_DATABASE":
            return text_or_null(session.database)
        case "CURRENT_SCHEMA":
            return text_or_null(session.schema)
        case "CURRENT_SESSION":
            return text_or_null(session.token[:16])
        case "CURRENT_ACCOUNT" | "CURRENT_ACCOUNT_NAME":
            return text_or_null("LOCAL")
        case _:
            return node


def text_or_null(value: str | None) -> Expr:
    return exp.Literal.string(value) if value else exp.Cast(this=exp.Null(), to=exp.DataType.build("VARCHAR"))
