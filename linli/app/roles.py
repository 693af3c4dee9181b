"""The three database roles and what each may do; the database itself holds the wall.

`owner` makes tables. `app` reads and writes rows, makes nothing, and can't change or remove what the journal holds.
`reader` reads for statistics and sees no compartment, no personal part and no key. Grants are renewed after every
migration; running it again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import LiteralString

from psycopg import sql

from linli.app.wiring import APPEND_ONLY, COLUMNS_HIDDEN_FROM_READER, HIDDEN_FROM_READER

Statement = sql.Composed

_RELATIONS: LiteralString = """
    SELECT c.relname, p.relname,
           (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
    FROM pg_class c
    LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
    LEFT JOIN pg_class p ON p.oid = i.inhparent
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v')
    ORDER BY c.relname
"""
RELATIONS_SQL = _RELATIONS
"""Rows of (table or view, the table it is a partition of, if any, its columns)."""


def grants(relations: Iterable[tuple[str, str | None, list[str]]], app: str, reader: str) -> list[Statement]:
    """Return the statements that give `app` and `reader` what is theirs, and nothing else.

    Args:
        relations: rows of `RELATIONS_SQL`.
        app: name of the role that works.
        reader: name of the role that reads for statistics.
    """
    made = [_schema(app, reader)]
    for name, parent, columns in relations:
        table = sql.Identifier("public", name)
        made.append(_one("REVOKE ALL ON {table} FROM {app}, {reader}", table, app, reader))
        family = parent or name
        if family not in APPEND_ONLY:
            made.append(_one("GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {app}", table, app, reader))
        elif parent is None:
            # Partitions are reached through their parent only, and there without UPDATE, DELETE and TRUNCATE.
            made.append(_one("GRANT SELECT, INSERT ON {table} TO {app}", table, app, reader))
        if not _is_hidden(family):
            made.append(_reading(table, columns, COLUMNS_HIDDEN_FROM_READER.get(family, ()), reader))
    return made


def make_role(name: str, *, password: str | None = None) -> Statement:
    """Return the statement that makes an ordinary role: no superuser, no databases or roles of its own making."""
    login = sql.SQL("LOGIN PASSWORD {}").format(sql.Literal(password)) if password else sql.SQL("NOLOGIN")
    return sql.SQL("CREATE ROLE {} NOSUPERUSER NOCREATEDB NOCREATEROLE {}").format(sql.Identifier(name), login)


def _is_hidden(table: str) -> bool:
    return any(table == hidden or table.startswith(hidden + "_") for hidden in HIDDEN_FROM_READER)


def _reading(table: sql.Identifier, columns: list[str], hidden: Iterable[str], reader: str) -> Statement:
    """Return the grant to the reader: the whole table, or all columns but the hidden ones."""
    seen = [sql.Identifier(name) for name in columns if name not in set(hidden)]
    chosen = sql.SQL("({})").format(sql.SQL(", ").join(seen)) if len(seen) < len(columns) else sql.SQL("")
    return sql.SQL("GRANT SELECT {} ON {} TO {}").format(chosen, table, sql.Identifier(reader))


def _schema(app: str, reader: str) -> Statement:
    text: LiteralString = (
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC, {app}, {reader};"
        "GRANT USAGE ON SCHEMA public TO {app}, {reader};"
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app}"
    )
    return sql.SQL(text).format(app=sql.Identifier(app), reader=sql.Identifier(reader))


def _one(text: LiteralString, table: sql.Identifier, app: str, reader: str) -> Statement:
    return sql.SQL(text).format(table=table, app=sql.Identifier(app), reader=sql.Identifier(reader))
