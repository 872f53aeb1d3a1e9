"""What the rows of an export call by number: labels, relation labels, and people."""

from __future__ import annotations

from typing import Any, Final

import psycopg

from annotations.models import Label, Membership, Project, RelationLabel

type Connection = psycopg.Connection[Any]

_PEOPLE: Final = """
SELECT u.username, trim(u.first_name || ' ' || u.last_name), u.first_name, u.last_name, u.email
  FROM annotations_user u
  LEFT JOIN annotations_membership m ON m.user_id = u.id AND m.project_id = %(project)s
 WHERE m.id IS NOT NULL OR EXISTS (
   SELECT 1 FROM annotations_annotationset s JOIN annotations_article a ON a.id = s.article_id
    WHERE a.project_id = %(project)s AND s.annotator_id = u.id)
 ORDER BY m.id NULLS LAST, u.id
"""


def people_of(connection: Connection, project: Project) -> list[tuple[str, ...]]:
    """All that each person of the project is called, in the order they joined: newcomers move nobody's number."""
    found = connection.execute(_PEOPLE, {"project": project.pk}).fetchall()
    suffix = f"@{project.slug}"
    return [(username, username.removesuffix(suffix), *names) for username, *names in found]


class Names:
    """What rows call by number: labels, relation labels; and what annotators are called outside the project."""

    def __init__(self, connection: Connection, project: Project) -> None:
        self.labels: dict[int, str] = self._keys(connection, Label, project)
        self.relation_labels: dict[int, str] = self._keys(connection, RelationLabel, project)
        self._suffix = f"@{project.slug}"
        table = Membership._meta.db_table
        found = connection.execute(
            f"SELECT u.username FROM {table} m JOIN annotations_user u ON u.id = m.user_id WHERE m.project_id = %s",  # noqa: S608 - a constant
            [project.pk],
        )
        self._members = {name for (name,) in found}

    def annotator(self, username: str) -> str:
        """The name a file gave the annotator: an import keeps `ben` as `ben@project` where no member is called so."""
        plain = username.removesuffix(self._suffix)
        return plain if plain and plain not in self._members else username

    @staticmethod
    def _keys(connection: Connection, model: type[Label | RelationLabel], project: Project) -> dict[int, str]:
        table = model._meta.db_table
        found = connection.execute(f"SELECT id, key FROM {table} WHERE project_id = %s", [project.pk])  # noqa: S608 - a constant
        return dict(found.fetchall())
