"""Model instances from SQL over several tables that is written by hand, for what runs at every request."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import connection, models

type Wanted = type[models.Model] | tuple[type[models.Model], Collection[str]]


class Joined:
    """A query that yields one instance per alias: `{columns}` in the SQL stands for all columns it needs.

    An alias is a model, or a model and the names of fields that are left to be loaded when asked for.
    """

    def __init__(self, sql: str, **wanted: Wanted) -> None:
        self._models: list[tuple[type[models.Model], list[models.Field[Any, Any]]]] = []
        columns = []
        for alias, each in wanted.items():
            model, without = each if isinstance(each, tuple) else (each, ())
            fields = [field for field in model._meta.concrete_fields if field.name not in without]
            self._models.append((model, fields))
            columns += [f'{alias}."{field.column}"' for field in fields]
        self._sql = sql.format(columns=", ".join(columns))

    def first(self, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """The instances of the first row, in the order of the aliases."""
        with connection.cursor() as cursor:
            cursor.execute(self._sql, values)
            row = cursor.fetchone()
        if row is None:
            return None
        instances = []
        position = 0
        for model, fields in self._models:
            names = [field.attname for field in fields]
            read = [_read(field, row[position + number]) for number, field in enumerate(fields)]
            position += len(fields)
            instances.append(model.from_db(connection.alias, names, read))
        return tuple(instances)


def _read(field: models.Field[Any, Any], value: Any) -> Any:
    convert = getattr(field, "from_db_value", None)
    return value if convert is None else convert(value, None, connection)
