"""Releases: a state of the data frozen into one archive that never changes and can be cited.

The archive holds nothing of its name, its maker or the hour: the same data gives the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final, cast

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from annotations import policies
from annotations.domain.datacards import Facts, File, card_of, cite, croissant_of
from annotations.domain.errors import FieldError, InvalidData, StateRefused
from annotations.domain.identifiers import uuid7
from annotations.domain.tallies import Tally
from annotations.formats import ENDINGS, MEDIA_TYPES, WRITERS, WriteOptions
from annotations.formats.archives import ArchiveWriter
from annotations.models import Job, Membership, Project, Release, ReleaseChunk, User
from annotations.selectors.document_names import Connection
from annotations.selectors.documents import Choice, articles_chosen, documents_of
from annotations.selectors.guidelines import current_guideline
from annotations.selectors.releases import label_set
from annotations.services import audit
from annotations.services.agreement import report_now
from annotations.services.disagreements import record_openings_of_export
from annotations.services.export_options import Options, choice_of
from annotations.services.exports import snapshot
from annotations.services.jobs import Progress, enqueue_job

SCHEMA: Final = "newsapp-release/1"
AT_ONCE: Final = 300
"""A release of a project with so many articles is made while somebody waits; a larger one is a job."""
MAX_NAME: Final = 100
MAX_NOTES: Final = 20_000
CHUNK: Final = 1024 * 1024
_KEPT_IN_MEMORY: Final = 8 * 1024 * 1024
_REBUILD: Final = Path(__file__).resolve().parents[2] / "scripts" / "rebuild_texts.py"
_ROW: Final = ("measure", "label", "annotators", "value", "low", "high", "articles", "spans")

type Told = Callable[[int, int], None]
"""Is told how many of how many articles are written."""


def make_release(
    *,
    actor: User,
    project: Project,
    name: str,
    notes: str = "",
    formats: Sequence[str] = (),
    options: Options | None = None,
    told: Told = lambda _done, _total: None,
) -> Release:
    """Freeze the project's data: native JSON Lines, and other `formats` beside it, with all that explains them.

    Raises:
        NotFound, NotAllowed: managers only.
        InvalidData: a name, format or option that is none.
        StateRefused: there is a release of this name.
        Busy: too many exports are running.
    """
    member = policies.check_member(user=actor, slug=project.slug)
    wanted = _wanted(member, name=name, notes=notes, formats=formats, options=options or {})
    with snapshot() as connection, ExitStack() as stack:
        files, tally = _data(stack, connection, member, wanted, told)
        facts = _facts(member, wanted, tally, [file.file for file in files])
        members = _members(files, facts, current_guideline_text(project))
        return _store(member, wanted, facts, members)


def request_release(
    *, actor: User, project: Project, name: str, notes: str = "", formats: Sequence[str] = (), options: Options
) -> Release | Job:
    """The same; of a large project a job that makes it.

    Raises:
        NotFound, NotAllowed, InvalidData, StateRefused, Busy: as `make_release`.
    """
    if project.articles.filter(superseded_by=None).count() <= AT_ONCE:
        return make_release(actor=actor, project=project, name=name, notes=notes, formats=formats, options=options)
    member = policies.check_member(user=actor, slug=project.slug)
    wanted = _wanted(member, name=name, notes=notes, formats=formats, options=options)
    arguments = {"name": wanted.name, "notes": notes, "formats": list(formats), "options": wanted.query}
    return enqueue_job(kind="release", project=project, by=actor, arguments=arguments)


def release(job: Job, progress: Progress) -> Mapping[str, Any]:
    """The job: done twice it makes one release."""
    if job.project is None or job.by is None:
        raise InvalidData(_("A release is made of a project, by somebody."))
    there = Release.objects.filter(project=job.project, name=job.arguments["name"], at__gte=job.created_at).first()
    made = there or make_release(actor=job.by, project=job.project, told=progress, **job.arguments)
    return {"release": str(made.pk), "sha256": made.sha256}


def record_release_taken(*, member: Membership, release: Release) -> None:
    """Remember that the member has it, and sees the work of others by it."""
    query = release.manifest["query"]
    if query["sets"] in {"annotators", "all", "majority"}:
        every_state = query.get("state") == "all"
        record_openings_of_export(user_id=member.user_id, project_id=release.project_id, every_state=every_state)
    with transaction.atomic():
        audit.record("release.taken", actor=member.user, project=release.project_id, object=release.name)


def current_guideline_text(project: Project) -> str:
    """The guideline in force, empty where there is none."""
    version = current_guideline(project)
    return version.markdown if version else ""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What was asked for, checked: `choices` by format, the native one first; `query` is what differs from nothing."""

    name: str
    notes: str
    choices: Mapping[str, Choice]
    query: dict[str, Any]


def _wanted(member: Membership, *, name: str, notes: str, formats: Sequence[str], options: Options) -> _Wanted:
    policies.check_can_manage(member)
    name = name.strip()
    _check("name", 1 <= len(name) <= MAX_NAME, _("A release has a name of 1 to %(n)d characters.") % {"n": MAX_NAME})
    _check("notes", len(notes) <= MAX_NOTES, _("Notes have at most %(n)d characters.") % {"n": MAX_NOTES})
    for key in formats:
        known = ", ".join(WRITERS)
        _check("formats", key in WRITERS, _("formats are some of: %(known)s.") % {"known": known})
    plain = cast("Options", {key: value for key, value in options.items() if key != "format"})
    choices = {key: choice_of(member, {**plain, "format": key}) for key in dict.fromkeys(["jsonl", *formats])}
    if Release.objects.filter(project=member.project, name=name).exists():
        raise StateRefused(_("There is a release of this name; releases never change."))
    query = {key: str(value) if key.startswith("published") else value for key, value in plain.items() if value}
    return _Wanted(name, notes, choices, {"sets": choices["jsonl"].sets, **query})


def _check(field: str, is_so: bool, sentence: str) -> None:  # noqa: FBT001 - what is to hold
    if not is_so:
        raise InvalidData(sentence, [FieldError(field, sentence)])


@dataclass(frozen=True, slots=True)
class _Stored:
    """A file of the data, written beside the archive: its checksum stands in members that come before it."""

    file: File
    content: IO[bytes]


def _data(
    stack: ExitStack, connection: Connection, member: Membership, wanted: _Wanted, told: Told
) -> tuple[list[_Stored], Tally]:
    """The data in each format, of one moment."""
    tally, found = Tally(), list[_Stored]()
    total = articles_chosen(member.project, wanted.choices["jsonl"]) * len(wanted.choices)
    done = 0

    def counted(documents: Iterable[Any]) -> Iterator[Any]:
        nonlocal done
        for document in documents:
            yield document
            done += 1
            told(min(done, total), total)

    for key, choice in wanted.choices.items():
        documents = counted(documents_of(connection=connection, project=member.project, choice=choice))
        options = WriteOptions()
        content: Any = stack.enter_context(SpooledTemporaryFile(_KEPT_IN_MEMORY))  # noqa: SIM115 - the stack closes it
        digest = hashlib.sha256()
        for piece in WRITERS[key](tally.of(documents) if key == "jsonl" else documents, options):
            digest.update(piece)
            content.write(piece)
        file = File(
            name=f"{choice.sets}.{ENDINGS[key]}",
            sha256=digest.hexdigest(),
            size=content.tell(),
            format=key,
            media_type=MEDIA_TYPES[key].partition(";")[0],
            losses=[row["sentence"] for row in options.losses.rows()],
        )
        found.append(_Stored(file, content))
    return found, tally


def _facts(member: Membership, wanted: _Wanted, tally: Tally, files: Sequence[File]) -> Facts:
    project = member.project
    version = current_guideline(project)
    labels, relation_labels = label_set(project)
    rows = [dict(zip(_ROW, row, strict=True)) for row in report_now(project=project)["rows"]]
    whole = [row for row in rows if row["annotators"] is None]  # of pairs the names would have to be told
    return Facts(
        slug=project.slug,
        title=project.name,
        description=project.description,
        query=wanted.query,
        counts=tally.as_json(),
        columns=sorted(tally.columns),
        licences=dict(sorted(tally.licences.items())),
        outlets=len(tally.outlets),
        days=(tally.first_day, tally.last_day),
        guideline=version.number if version else None,
        labels=labels,
        relation_labels=relation_labels,
        agreement=[{key: row[key] for key in _ROW if key != "annotators"} for row in whole],
        files=files,
    )


def _members(files: Sequence[_Stored], facts: Facts, guideline: str) -> list[tuple[File, IO[bytes] | bytes]]:
    """All members but the manifest, sorted by name."""
    texts = {"agreement.json": _json({"rows": facts.agreement}), "croissant.json": _json(croissant_of(facts))}
    if guideline:
        texts["guideline.md"] = guideline.encode()
    if facts.query.get("text", "full") != "full":
        texts["rebuild_texts.py"] = _REBUILD.read_bytes()
    explained = [_text(name, data) for name, data in texts.items()]
    listed = sorted([*(file.file for file in files), *(file for file, _data in explained)], key=lambda each: each.name)
    data_first = [file.file for file in files] + [each for each in listed if not each.format]
    card = card_of(replace(facts, files=data_first)).encode()
    stored: list[tuple[File, IO[bytes] | bytes]] = [(each.file, each.content) for each in files]
    return sorted([*stored, *explained, _text("README.md", card)], key=lambda each: each[0].name)


def _text(name: str, data: bytes) -> tuple[File, IO[bytes] | bytes]:
    return File(name=name, sha256=hashlib.sha256(data).hexdigest(), size=len(data)), data


def _json(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _manifest(facts: Facts, members: Iterable[tuple[File, Any]]) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "document_schema": "urn:newsapp:document:1",
        "project": {"slug": facts.slug, "name": facts.title},
        "query": dict(facts.query),
        "counts": dict(facts.counts),
        "licences": dict(facts.licences),
        "guideline": facts.guideline,
        "labels": list(facts.labels),
        "relation_labels": list(facts.relation_labels),
        "cite": cite(facts),
        "files": [
            {"name": file.name, "sha256": file.sha256, "bytes": file.size}
            | ({"format": file.format, "losses": list(file.losses)} if file.format else {})
            for file, _content in members
        ],
    }


def _store(
    member: Membership, wanted: _Wanted, facts: Facts, members: Sequence[tuple[File, IO[bytes] | bytes]]
) -> Release:
    """The archive, whole or not at all: its pieces first, then the row that says what they are."""
    manifest = _manifest(facts, members)
    key, digest, size = uuid7(), hashlib.sha256(), 0
    [card] = (content for file, content in members if file.name == "README.md")
    with transaction.atomic():
        for number, piece in enumerate(_chunks(_archive(members, _json(manifest)))):
            digest.update(piece)
            size += len(piece)
            ReleaseChunk.objects.create(release_id=key, number=number, content=piece)
        audit.record("release.made", actor=member.user, project=member.project, object=wanted.name, **wanted.query)
        return Release.objects.create(
            id=key,
            project=member.project,
            name=wanted.name,
            notes=wanted.notes,
            manifest={**manifest, "agreement": facts.agreement, "card": cast("bytes", card).decode()},
            sha256=digest.hexdigest(),
            size=size,
            by=member.user,
        )


def _archive(members: Iterable[tuple[File, IO[bytes] | bytes]], manifest: bytes) -> Iterator[bytes]:
    """The archive piece by piece; the manifest is its last member."""
    archive = ArchiveWriter()
    for file, content in members:
        yield from archive.stream(file.name, _read(content))
    archive.add("manifest.json", manifest)
    yield archive.take()
    yield archive.close()


def _read(content: IO[bytes] | bytes) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    content.seek(0)
    while piece := content.read(CHUNK):
        yield piece


def _chunks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of `CHUNK`."""
    pending = bytearray()
    for piece in pieces:
        pending += piece
        while len(pending) >= CHUNK:
            yield bytes(pending[:CHUNK])
            del pending[:CHUNK]
    if pending:
        yield bytes(pending)
