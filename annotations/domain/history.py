"""What the log of changes adds up to: the spans and relations of an annotation set, from its changes alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


class LogLine(Protocol):
    """A line of the log, as far as rebuilding needs it; `before` and `after` in the form of `domain.editing`."""

    @property
    def revision(self) -> int: ...
    @property
    def action(self) -> str: ...
    @property
    def object(self) -> object: ...
    @property
    def before(self) -> Mapping[str, Any] | None: ...
    @property
    def after(self) -> Mapping[str, Any] | None: ...


@dataclass(slots=True)
class Rebuilt:
    """Objects by id, each with the revision of its last change, and what the log contradicts itself in."""

    spans: dict[str, dict[str, Any]] = field(default_factory=dict)
    relations: dict[str, dict[str, Any]] = field(default_factory=dict)
    revision: int = 0
    faults: list[str] = field(default_factory=list)


def rebuild(lines: Iterable[LogLine]) -> Rebuilt:
    """Replay the lines of one set, oldest first."""
    built = Rebuilt()
    for line in lines:
        if line.revision != built.revision + 1:
            built.faults.append(f"revision {line.revision} follows {built.revision}")
        built.revision = line.revision
        if line.action == "import_set":
            after = line.after or {}
            for kind, objects in (("spans", built.spans), ("relations", built.relations)):
                objects.update({key: {**each, "revision": line.revision} for key, each in after.get(kind, {}).items()})
            continue
        objects = built.spans if line.action.endswith("span") else built.relations
        key = str(line.object)
        known = objects.get(key)
        if line.before != (known and {name: each for name, each in known.items() if name != "revision"}):
            built.faults.append(f"revision {line.revision}: what was before the change is not what the log made")
        if line.after is None:
            objects.pop(key, None)
        else:
            objects[key] = {**line.after, "revision": line.revision}
    return built
