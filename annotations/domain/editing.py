"""What a batch of changes does to an annotation set: revisions, conflicts, cascades (settled 1 to 7).

Plain values only: the service loads what the batch can touch into a `Draft`, lets it judge every change in order,
and writes the `Record`s it kept. Offsets are code points, half open.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast
from uuid import UUID

from annotations.domain.changes import Action, ChangeRequest, ChangeResult
from annotations.domain.documents import Fragments, quote_of
from annotations.domain.errors import InvalidData
from annotations.domain.identifiers import uuid7
from annotations.domain.offsets import check_characters, join_fragments, shorten
from annotations.domain.suggesting import Suggested
from annotations.domain.wording import _

MAX_NOTE: Final = 10_000
MAX_ENTITY: Final = 500
SPAN_KEYS: Final = frozenset({"label", "fragments", "quote", "entity", "attributes", "note"})
RELATION_KEYS: Final = frozenset({"label", "source", "target"})
ORIGINS: Final = frozenset({"typed", "suggested", "propagated", "imported"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanState:
    """A span as it stands; `revision` is the set's at its last change."""

    label: str
    fragments: Fragments
    entity: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    origin: str = "typed"
    external_id: str | None = None
    revision: int = 0

    def as_json(self) -> dict[str, Any]:
        """The form of the log and of conflicts."""
        return {
            "label": self.label,
            "fragments": [list(fragment) for fragment in self.fragments],
            "entity": self.entity,
            "attributes": dict(self.attributes),
            "note": self.note,
            "origin": self.origin,
            "external_id": self.external_id,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationState:
    """A relation as it stands."""

    label: str
    source: UUID
    target: UUID
    external_id: str | None = None
    revision: int = 0

    def as_json(self) -> dict[str, Any]:
        """The form of the log and of conflicts."""
        return {
            "label": self.label,
            "source": str(self.source),
            "target": str(self.target),
            "external_id": self.external_id,
        }


type ObjectState = SpanState | RelationState


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRule:
    """What spans of a label may carry: attribute key -> its choices."""

    attributes: Mapping[str, Collection[str]] = field(default_factory=dict)
    archived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationRule:
    """Which labels a relation may join (None: any), and whether a source may have many targets."""

    source: str | None = None
    target: str | None = None
    many: bool = True
    archived: bool = False

    def joins(self, source: str, target: str) -> bool:
        """Whether spans of these labels may be its ends."""
        return self.source in {None, source} and self.target in {None, target}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The labels and relation labels of a project by key."""

    labels: Mapping[str, LabelRule]
    relations: Mapping[str, RelationRule]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One line of the log: the object before and after, at the revision it made."""

    revision: int
    uuid: UUID
    action: Action
    object: UUID
    before: ObjectState | None
    after: ObjectState | None
    batch: UUID
    undoes: UUID | None
    suggestion: Suggested | None = None


class _Refused(Exception):
    """A change that is not applied; carries its result."""

    def __init__(self, result: ChangeResult) -> None:
        super().__init__(result.status)
        self.result = result


@dataclass(slots=True, kw_only=True)
class Draft:
    """An annotation set while a batch is judged.

    `last` is, per object, the id and revision of the last change to it; `done` the object's revision made by each
    change id that was applied before; `former` what a deleted object was. `spans` and `relations` hold at least all
    that the batch names, the spans that begin where a written one begins, and the relations of every span it deletes
    or relabels.
    """

    text: str
    rules: Rules
    revision: int
    spans: dict[UUID, SpanState]
    relations: dict[UUID, RelationState]
    last: dict[UUID, tuple[UUID, int]]
    done: dict[UUID, int]
    foreign: Collection[UUID] = ()
    former: Mapping[UUID, Mapping[str, Any]] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)
    failed: set[UUID] = field(default_factory=set)

    def judge(self, request: ChangeRequest) -> ChangeResult:
        """Apply the change to the draft, or say why not; a refused one leaves the draft as it was."""
        if request.id in self.done:
            return ChangeResult(id=request.id, status="repeated", revision=self.done[request.id])
        try:
            also = self._apply(request)
        except _Refused as refused:
            self.failed.add(request.object)
            return refused.result
        except InvalidData as error:
            self.failed.add(request.object)
            errors = [{"field": each.field, "message": each.message} for each in error.errors]
            return ChangeResult(
                id=request.id,
                status="invalid",
                revision=self.revision,
                errors=tuple(errors) or ({"field": "value", "message": error.detail},),
            )
        revision = self.last[request.object][1]
        self.done[request.id] = revision
        return ChangeResult(id=request.id, status="applied", revision=revision, also=also)

    def _apply(self, request: ChangeRequest) -> tuple[Mapping[str, Any], ...]:
        names = {request.object}
        if request.action == "put_relation":
            names |= {_uuid(request.value, "source"), _uuid(request.value, "target")}
        if names & self.failed:
            raise _Refused(
                ChangeResult(
                    id=request.id,
                    status="blocked",
                    revision=self.revision,
                    errors=({"field": "object", "message": _("An earlier change to this object was refused.")},),
                )
            )
        current = self._current(request)
        self._check_base(request, current)
        match request.action:
            case "put_span":
                return self._put_span(request, cast("SpanState | None", current))
            case "delete_span":
                return self._delete_span(request, cast("SpanState", current))
            case "put_relation":
                return self._put_relation(request, cast("RelationState | None", current))
            case "delete_relation":
                return self._write(request, current, None)

    def _current(self, request: ChangeRequest) -> ObjectState | None:
        is_span = request.action in {"put_span", "delete_span"}
        mine, other = (self.spans, self.relations) if is_span else (self.relations, self.spans)
        if request.object in other or request.object in self.foreign:
            raise InvalidData(_("This id cannot be used here; make a new one."))
        return mine.get(request.object)

    def _check_base(self, request: ChangeRequest, current: ObjectState | None) -> None:
        """Refuse a change whose maker had not seen the object as it is now."""
        last = self.last.get(request.object)
        seen = request.base
        if isinstance(seen, UUID):
            fits = last is not None and last[0] == seen
        elif current is None:
            fits = seen == (last[1] if last else None) and not request.action.startswith("delete")
        else:
            fits = seen == current.revision
        if fits and not (current is None and request.action.startswith("delete")):
            return
        shown = None if current is None else {**current.as_json(), "revision": current.revision}
        revision = current.revision if current else last[1] if last else None
        raise _Refused(ChangeResult(id=request.id, status="conflict", revision=revision, current=shown))

    def _put_span(self, request: ChangeRequest, current: SpanState | None) -> tuple[Mapping[str, Any], ...]:
        span = self._span_of(request, current)
        for other, state in self.spans.items():
            if other != request.object and state.label == span.label and state.fragments == span.fragments:
                raise InvalidData(_("There is a span with this label and these fragments already."))
        also: tuple[Mapping[str, Any], ...] = ()
        batch = request.batch or request.id
        if current is not None and current.label != span.label:
            self.spans[request.object] = span
            illegal = [key for key, each in self.relations_at(request.object) if not self._is_legal(each)]
            self.spans[request.object] = current
            also = self._drop_relations(illegal, batch)
        return self._write(request, current, span) + also

    def _delete_span(self, request: ChangeRequest, current: SpanState) -> tuple[Mapping[str, Any], ...]:
        batch = request.batch or request.id
        # Relations first: their ends exist as long as they do, also when the log is read backwards.
        also = self._drop_relations([key for key, _ in self.relations_at(request.object)], batch)
        return self._write(request, current, None) + also

    def _put_relation(self, request: ChangeRequest, current: RelationState | None) -> tuple[Mapping[str, Any], ...]:
        value = request.value
        _check_keys(value, RELATION_KEYS)
        label = _string(value, "label", required=True)
        source, target = _uuid(value, "source"), _uuid(value, "target")
        rule = self.rules.relations.get(label)
        if rule is None or (rule.archived and (current is None or current.label != label)):
            raise InvalidData(_("The project has no relation label “%(label)s”.") % {"label": shorten(label)})
        for end, name in ((source, "source"), (target, "target")):
            if end not in self.spans:
                raise InvalidData(_("The %(name)s is not a span of this annotation set.") % {"name": name})
        if source == target:
            raise InvalidData(_("A relation links two different spans."))
        relation = RelationState(
            label=label, source=source, target=target, external_id=self._kept(request.object, current, "external_id")
        )
        if not self._is_legal(relation):
            raise InvalidData(
                _("“%(label)s” cannot go from %(source)s to %(target)s.")
                % {"label": label, "source": self.spans[source].label, "target": self.spans[target].label}
            )
        for other, state in self.relations.items():
            if other != request.object and (state.label, state.source) == (label, source):
                if state.target == target:
                    raise InvalidData(_("These spans are linked by this relation already."))
                if not rule.many:
                    raise InvalidData(_("A span has one “%(label)s” at most.") % {"label": label})
        return self._write(request, current, relation)

    def _span_of(self, request: ChangeRequest, current: SpanState | None) -> SpanState:
        value = request.value
        _check_keys(value, SPAN_KEYS)
        label = _string(value, "label", required=True)
        rule = self.rules.labels.get(label)
        if rule is None or (rule.archived and (current is None or current.label != label)):
            raise InvalidData(_("The project has no label “%(label)s”.") % {"label": shorten(label)})
        fragments = join_fragments(_fragments(value), len(self.text))
        quote = value.get("quote")
        if quote is not None and quote != quote_of(self.text, fragments):
            here = quote_of(self.text, fragments)
            raise InvalidData(
                _("The text at %(fragments)s is “%(here)s”, not “%(quote)s”.")
                % {"fragments": list(fragments[0]), "here": shorten(here), "quote": shorten(str(quote))}
            )
        if request.origin and request.origin not in ORIGINS - {"imported"}:
            raise InvalidData(_("`origin` is typed, suggested or propagated."))
        return SpanState(
            label=label,
            fragments=fragments,
            entity=_string(value, "entity", most=MAX_ENTITY).strip(),
            attributes=_attributes(value, label, rule),
            note=_string(value, "note", most=MAX_NOTE),
            origin=request.origin or self._kept(request.object, current, "origin") or "typed",
            external_id=self._kept(request.object, current, "external_id"),
        )

    def _kept(self, key: UUID, current: ObjectState | None, name: str) -> str | None:
        """What no client writes: it stays through edits, and comes back with a deleted object."""
        return getattr(current, name) if current else self.former.get(key, {}).get(name)

    def relations_at(self, span: UUID) -> list[tuple[UUID, RelationState]]:
        """The relations with this end, by id."""
        return sorted((key, each) for key, each in self.relations.items() if span in {each.source, each.target})

    def _is_legal(self, relation: RelationState) -> bool:
        rule = self.rules.relations.get(relation.label)
        ends = self.spans[relation.source].label, self.spans[relation.target].label
        return rule is not None and rule.joins(*ends)

    def _drop_relations(self, keys: Iterable[UUID], batch: UUID) -> tuple[Mapping[str, Any], ...]:
        dropped = []
        for key in keys:
            request = ChangeRequest(id=uuid7(), action="delete_relation", object=key, batch=batch)
            self._write(request, self.relations[key], None)
            dropped.append({"action": "delete_relation", "object": str(key), "revision": self.revision})
        return tuple(dropped)

    def _write(
        self, request: ChangeRequest, before: ObjectState | None, after: ObjectState | None
    ) -> tuple[Mapping[str, Any], ...]:
        self.revision += 1
        if isinstance(after, SpanState):
            after = self.spans[request.object] = replace(after, revision=self.revision)
        elif isinstance(after, RelationState):
            after = self.relations[request.object] = replace(after, revision=self.revision)
        else:
            self.spans.pop(request.object, None)
            self.relations.pop(request.object, None)
        self.last[request.object] = (request.id, self.revision)
        self.records.append(
            Record(
                revision=self.revision,
                uuid=request.id,
                action=request.action,
                object=request.object,
                before=before,
                after=after,
                batch=request.batch or request.id,
                undoes=request.undoes,
                suggestion=request.suggestion,
            )
        )
        return ()


def _check_keys(value: Mapping[str, Any], known: frozenset[str]) -> None:
    unknown = sorted(set(value) - known)
    if unknown:
        raise InvalidData(
            _("`value` has a key that is not known here: “%(unknown)s”.") % {"unknown": shorten(unknown[0])}
        )


def _string(value: Mapping[str, Any], key: str, *, required: bool = False, most: int = 200) -> str:
    given = value.get(key)
    if given is None and not required:
        return ""
    if not isinstance(given, str) or (required and not given):
        raise InvalidData(_("`%(key)s` must be text.") % {"key": key})
    if len(given) > most:
        raise InvalidData(
            _("`%(key)s` has %(n)s characters; at most %(most)s are kept.")
            % {"key": key, "n": len(given), "most": most}
        )
    check_characters(given, key)
    return given


def _uuid(value: Mapping[str, Any], key: str) -> UUID:
    given = value.get(key)
    if isinstance(given, UUID):
        return given
    try:
        return UUID(given if isinstance(given, str) else "")
    except ValueError:
        raise InvalidData(_("`%(key)s` must be the UUID of a span.") % {"key": key}) from None


def _fragments(value: Mapping[str, Any]) -> Fragments:
    given = value.get("fragments")
    if not isinstance(given, Sequence) or isinstance(given, str) or not given:
        raise InvalidData(_("`fragments` must be a list of [start, end] pairs, in code points."))
    pairs = []
    for pair in given:
        if (
            not isinstance(pair, Sequence)
            or isinstance(pair, str)
            or len(pair) != 2
            or not all(type(offset) is int for offset in pair)
        ):
            raise InvalidData(_("`fragments` must be a list of [start, end] pairs of whole numbers, in code points."))
        pairs.append((pair[0], pair[1]))
    return tuple(pairs)


def _attributes(value: Mapping[str, Any], label: str, rule: LabelRule) -> dict[str, str]:
    given = value.get("attributes") or {}
    if not isinstance(given, Mapping):
        raise InvalidData(_("`attributes` must be an object of names and choices."))
    for key, choice in given.items():
        if key not in rule.attributes:
            raise InvalidData(_("“%(label)s” has no attribute “%(key)s”.") % {"label": label, "key": shorten(str(key))})
        if not isinstance(choice, str) or choice not in rule.attributes[key]:
            choices = ", ".join(rule.attributes[key])
            raise InvalidData(
                _("“%(key)s” is one of %(choices)s; not “%(choice)s”.")
                % {"key": key, "choices": choices, "choice": shorten(str(choice))}
            )
    return dict(sorted(given.items()))
