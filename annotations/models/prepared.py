"""SQL written by hand for what runs at every request: prepared once per connection, so that it is planned once.

Planning a join of four tables anew takes PostgreSQL five times as long as running it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection, models

type Wanted = type[models.Model] | tuple[type[models.Model], Collection[str]]


type Values = Mapping[str, Any] | Sequence[Any]


def rows(sql: str, values: Values) -> list[tuple[Any, ...]]:
    """The rows of a prepared query."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(sql.encode(), values)
        return cursor.fetchall()


def run(sql: str, values: Values) -> None:
    """A prepared statement without rows."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(sql.encode(), values)


class Joined:
    """A query that yields one instance per alias: `{columns}` in the SQL stands for all columns it needs.

    An alias is a model, or a model and the names of fields that are left to be loaded when asked for.
    """

    def __init__(self, sql: str, **wanted: Wanted) -> None:
        self._parts: list[tuple[type[models.Model], list[str], int]] = []
        self._converters: list[tuple[int, Callable[..., Any]]] = []
        columns: list[str] = []
        for alias, each in wanted.items():
            model, without = each if isinstance(each, tuple) else (each, ())
            fields = [field for field in model._meta.concrete_fields if field.name not in without]
            for number, field in enumerate(fields, start=len(columns)):
                if convert := getattr(field, "from_db_value", None):
                    self._converters.append((number, convert))
            columns += [f'{alias}."{field.column}"' for field in fields]
            self._parts.append((model, [field.attname for field in fields], len(columns)))
        self._sql = sql.format(columns=", ".join(columns))

    def first(self, values: Values) -> tuple[Any, ...] | None:
        """The instances of the first row, in the order of the aliases."""
        found = rows(self._sql, values)
        if not found:
            return None
        row = list(found[0])
        for number, convert in self._converters:
            row[number] = convert(row[number], None, connection)
        instances = []
        start = 0
        for model, names, end in self._parts:
            instances.append(model.from_db(connection.alias, names, row[start:end]))
            start = end
        return tuple(instances)
