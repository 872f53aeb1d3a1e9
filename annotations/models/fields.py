"""`int4multirange` as a Django field: a tuple of half-open fragments in Python, sorted and disjoint in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db import models
from psycopg.types.multirange import Int4Multirange, Multirange
from psycopg.types.range import Range

from annotations.domain.documents import Fragments

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper


def multirange_of(fragments: Iterable[Sequence[int]]) -> Multirange[int]:
    """The fragments (code points, half open) as psycopg sends them to PostgreSQL."""
    return Int4Multirange([Range(start, end, "[)") for start, end in fragments])


class FragmentsField(models.Field[Fragments | Sequence[Sequence[int]], Fragments]):
    """Fragments of an article's text: `((start, end), …)` in code points, half open."""

    description = "Fragments of a text"

    def db_type(self, connection: BaseDatabaseWrapper) -> str:  # noqa: ARG002
        """The type in PostgreSQL."""
        return "int4multirange"

    def get_prep_value(self, value: Any) -> Any:
        """The value psycopg sends."""
        value = super().get_prep_value(value)
        return value if value is None or isinstance(value, Multirange) else multirange_of(value)

    def from_db_value(self, value: Any, expression: object, connection: object) -> Fragments | None:  # noqa: ARG002
        """Fragments from what psycopg read."""
        return None if value is None else tuple((part.lower, part.upper) for part in value)

    def to_python(self, value: Any) -> Fragments | None:
        """Fragments from any sequence of pairs."""
        return None if value is None else tuple((int(start), int(end)) for start, end in value)

    def value_to_string(self, obj: models.Model) -> str:
        """The form fixtures use."""
        return str([list(part) for part in self.value_from_object(obj)])
