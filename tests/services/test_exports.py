"""A project's documents come out as they went in: sorted, whole, from one snapshot, a few exports at a time."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.domain.documents import Document
from annotations.domain.errors import Busy, InvalidData, NotAllowed, NotFound
from annotations.domain.identifiers import uuid7
from annotations.formats import LOSSLESS
from annotations.models import AnnotationSet, Article, ArticleOpening, Project, User
from annotations.services import exports
from annotations.services.annotation_sets import move_set
from annotations.services.changes import apply_changes
from annotations.services.exports import AT_ONCE, export_documents
from annotations.services.imports import import_documents
from annotations.services.queue import claim_next_article
from tests.factories import a_member, a_project, a_set, a_user, an_article, put_relation, put_span
from tests.formats.documents import documents, documents_in, read, wikinews, write

# Exports read on a connection of their own, which sees what is committed.
pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "Ana Ruiz of Madrid said so. So did Ben."


@pytest.fixture
def project() -> Project:
    return a_project()


@pytest.fixture
def ada(project: Project) -> User:
    return a_member(project, "ada")


def put(actor: User, project: Project, data: bytes, key: str = "jsonl") -> None:
    report = import_documents(actor=actor, project=project, stream=BytesIO(data), format=key)
    assert report.problems == []


def get(actor: User, project: Project, key: str = "jsonl", **options: Any) -> bytes:
    return b"".join(export_documents(actor=actor, project=project, format=key, **options))


def one_set(kind: str, annotator: str = "", *spans: tuple[str, int, int], **more: Any) -> dict[str, Any]:
    author = {"annotator": annotator} if annotator else {}
    items = [
        {"id": f"{label}{start}", "label": label, "fragments": [[start, end]], "quote": TEXT[start:end]}
        for label, start, end in spans
    ]
    return {"kind": kind, **author, **more, **({"spans": items} if items else {})}


def lines(*found: dict[str, Any]) -> bytes:
    return b"".join(orjson.dumps(each) + b"\n" for each in found)


def test_real_articles_come_out_as_the_same_documents(ada: User, project: Project) -> None:
    put(ada, project, wikinews())
    given_documents = sorted(documents_in(read("jsonl", wikinews())), key=lambda document: document.id)
    exported = get(ada, project)
    written = b"".join(_without(line, "state", "relations") for line in exported.splitlines())
    expected = write("jsonl", *given_documents)
    assert written == b"".join(_without(line, "state", "relations") for line in expected.splitlines())
    triples = [_triples(line) for line in exported.splitlines()]
    assert triples == [_triples(line) for line in expected.splitlines()]
    assert sum(map(len, triples)) == 207
    other = a_project("second")
    a_member(other, "ada")
    put(ada, other, exported)
    assert get(ada, other) == exported
    put(ada, project, exported)
    assert get(ada, project) == exported


def _without(line: bytes, *keys: str) -> bytes:
    document = orjson.loads(line)
    for one in document["annotation_sets"]:
        for key in keys:
            one.pop(key, None)
    return orjson.dumps(document)


def _triples(line: bytes) -> list[tuple[str, str, str]]:
    sets = orjson.loads(line)["annotation_sets"]
    return sorted((r["label"], r["source"], r["target"]) for one in sets for r in one.get("relations", ()))


# A key of the project's, unlike the names that formats alone could carry.
importable = documents(attributes=st.sampled_from(["stance", "tone", "x-1"]))


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(importable, max_size=3, unique_by=lambda document: document.id), st.sampled_from(sorted(LOSSLESS)))
def test_an_export_imported_elsewhere_gives_the_same_bytes(
    ada: User, project: Project, found: list[Document], key: str
) -> None:
    number = Project.objects.count()
    first, second = a_project(f"first-{number}"), a_project(f"second-{number}")
    for each in (first, second):
        a_member(each, "ada")
    put(ada, first, write("jsonl", *found))
    everything = {"sets": "all", "state": "all", "include": "empty"}
    exported = get(ada, first, key, **everything)
    put(ada, second, exported, key)
    assert get(ada, second, key, **everything) == exported
    assert get(ada, second, **everything) == get(ada, first, **everything)
    assert Article.objects.filter(project=second).count() == len(found)


def test_work_done_here_comes_out_with_its_own_ids(ada: User, project: Project) -> None:
    ben = a_member(project, "ben")
    work = a_set(an_article(project, TEXT), ben)
    actor, claim = (
        put_span("actor", (0, 8), entity="Ana Ruiz"),
        put_span("claim", (19, 26), attributes={"form": "direct"}),
    )
    link = put_relation("made_by", claim.object, actor.object)
    apply_changes(actor=ben, annotation_set_id=work.pk, changes=[actor, claim, link])
    assert orjson.loads(get(ada, project, sets="annotators", state="all")) == {
        "id": "a1",
        "text": TEXT,
        "annotation_sets": [
            {
                "kind": "annotator",
                "annotator": "ben",
                "state": "in_progress",
                "spans": [
                    {
                        "id": str(actor.object), "label": "actor", "fragments": [[0, 8]], "quote": "Ana Ruiz",
                        "entity": "Ana Ruiz",
                    },
                    {
                        "id": str(claim.object), "label": "claim", "fragments": [[19, 26]], "quote": "said so",
                        "attributes": {"form": "direct"},
                    },
                ],
                "relations": [
                    {
                        "id": str(link.object), "label": "made_by", "source": str(claim.object),
                        "target": str(actor.object),
                    }
                ],
            }
        ],
    }  # fmt: skip


def test_articles_stand_in_the_order_of_their_bytes(ada: User, project: Project) -> None:
    keys = ["a", "B", "é", "Z", "_", "10", "9", "a-b", "aB"]
    put(ada, project, lines(*({"id": key, "text": "t"} for key in keys)))
    exported = [orjson.loads(line)["id"] for line in get(ada, project, include="empty").splitlines()]
    assert exported == sorted(keys)


def test_the_sets_that_are_asked_for_come_out(ada: User, project: Project) -> None:
    three = [
        one_set("annotator", "ben", ("actor", 0, 8)),
        one_set("annotator", "chi", ("actor", 0, 3), state="in_progress"),
        one_set("suggestion", source="names"),
    ]
    put(ada, project, lines(
        {"id": "1", "text": TEXT, "annotation_sets": [*three, one_set("gold", "", ("actor", 0, 8))]},
        {"id": "2", "text": TEXT, "annotation_sets": [one_set("annotator", "ben", state="submitted")]},
        {"id": "3", "text": TEXT},
    ))  # fmt: skip

    def shown(**options: str) -> list[tuple[str, list[str]]]:
        found = map(orjson.loads, get(ada, project, **options).splitlines())
        return [
            (
                each["id"],
                [f"{one['kind']} {one.get('annotator', '')}".strip() for one in each.get("annotation_sets", [])],
            )
            for each in found
        ]

    assert shown() == [("1", ["gold"])]
    assert shown(include="empty") == [("1", ["gold"]), ("2", []), ("3", [])]
    assert shown(sets="annotators") == [("1", ["annotator ben"]), ("2", ["annotator ben"])]
    assert shown(sets="annotators", state="all") == [
        ("1", ["annotator ben", "annotator chi"]),
        ("2", ["annotator ben"]),
    ]
    assert shown(sets="suggestions") == [("1", ["suggestion"])]
    assert shown(sets="all") == [("1", ["annotator ben", "gold", "suggestion"]), ("2", ["annotator ben"])]
    assert shown(sets="majority") == [("1", ["majority"]), ("2", ["majority"])]


def test_a_majority_is_what_more_than_half_chose(ada: User, project: Project) -> None:
    link = [{"label": "made_by", "source": "claim19", "target": "actor0"}]
    wrong = [{"label": "made_by", "source": "claim19", "target": "actor35"}]
    put(ada, project, lines({"id": "1", "text": TEXT, "annotation_sets": [
        one_set("annotator", "ben", ("actor", 0, 8), ("claim", 19, 26), relations=link),
        one_set("annotator", "chi", ("actor", 0, 8), ("claim", 19, 26), ("location", 12, 18), relations=link),
        one_set("annotator", "dan", ("actor", 0, 3), ("claim", 19, 26), ("actor", 35, 38), relations=wrong),
    ]}))  # fmt: skip
    [majority] = orjson.loads(get(ada, project, sets="majority"))["annotation_sets"]
    assert [(span["label"], span["quote"]) for span in majority["spans"]] == [
        ("actor", "Ana Ruiz"),
        ("claim", "said so"),
    ]
    actor, claim = majority["spans"]
    assert [(each["label"], each["source"], each["target"]) for each in majority["relations"]] == [
        ("made_by", claim["id"], actor["id"])
    ]


def test_each_role_gets_what_it_may_export(ada: User, project: Project) -> None:
    ben, chi, dora, fay, eve = *(a_member(project, name) for name in ("ben", "chi", "dora", "fay")), a_user("eve")
    sets = [one_set("annotator", "ben"), one_set("annotator", "chi"), one_set("gold")]
    put(ada, project, lines({"id": "1", "text": TEXT, "annotation_sets": sets}))

    def shown(actor: User, **options: str) -> list[str]:
        [found] = map(orjson.loads, get(actor, project, **options).splitlines())
        return [one.get("annotator", one["kind"]) for one in found["annotation_sets"]]

    assert shown(ben) == shown(ben, sets="annotators", state="all") == ["ben"]
    assert shown(chi) == ["chi"]
    assert shown(dora, sets="all") == ["ben", "chi", "gold"]
    assert shown(fay) == ["gold"]
    for actor, option in ((ben, "gold"), (ben, "all"), (ben, "majority"), (fay, "annotators"), (fay, "all")):
        with pytest.raises(NotAllowed):
            export_documents(actor=actor, project=project, format="jsonl", sets=option)
    with pytest.raises(NotFound):
        export_documents(actor=eve, project=project, format="jsonl")


@pytest.mark.parametrize("option", ["format", "sets", "state", "include"])
def test_an_unknown_option_is_refused(ada: User, project: Project, option: str) -> None:
    with pytest.raises(InvalidData) as refused:
        get(ada, project, **{"key" if option == "format" else option: "x"})
    assert [error.field for error in refused.value.errors] == [option]


def test_an_export_shows_one_moment(ada: User, project: Project) -> None:
    texts = [{"id": f"{number:04}", "text": "x" * 2_000} for number in range(300)]
    put(ada, project, lines(*texts))
    before = get(ada, project, include="empty")
    export = export_documents(actor=ada, project=project, format="jsonl", include="empty")
    start = next(export)
    put(ada, project, lines({"id": "zzz", "text": "New."}, {"id": "0299", "text": "x" * 2_000, "title": "New"}))
    assert start + b"".join(export) == before


def test_only_so_many_exports_run_at_once(ada: User, project: Project) -> None:
    running = [export_documents(actor=ada, project=project, format="jsonl") for _ in range(AT_ONCE)]
    with pytest.raises(Busy) as busy:
        export_documents(actor=ada, project=project, format="jsonl")
    assert busy.value.retry_after > 0
    running[0].close()
    running[0].close()
    assert b"".join(export_documents(actor=ada, project=project, format="jsonl")) == b""
    running.append(export_documents(actor=ada, project=project, format="jsonl"))
    with pytest.raises(Busy):
        export_documents(actor=ada, project=project, format="jsonl")
    for export in running:
        export.close()


def test_an_export_that_cannot_begin_gives_its_place_back(ada: User, project: Project) -> None:
    for _ in range(2 * AT_ONCE):
        with pytest.raises(InvalidData):
            export_documents(actor=ada, project=project, format="docx")
    assert exports._slots.acquire(blocking=False)
    exports._slots.release()


def ids(data: bytes) -> list[str]:
    return [orjson.loads(line)["id"] for line in data.splitlines()]


def test_articles_are_narrowed_as_in_lists(ada: User, project: Project) -> None:
    gold = [one_set("gold", state="done")]
    put(ada, project, lines(
        {"id": "1", "text": "A strike at the port: 100% of {all}.", "outlet": "Post", "published_at": "2026-11-01",
         "annotation_sets": gold},
        {"id": "2", "text": "Rain.", "outlet": "Post", "published_at": "2026-11-03", "annotation_sets": gold},
        {"id": "3", "text": "The strike is over.", "outlet": "Herald", "published_at": "2026-11-05"},
    ))  # fmt: skip

    def found(**options: Any) -> list[str]:
        return ids(get(ada, project, include="empty", **options))

    assert found() == ["1", "2", "3"]
    assert found(search="strike") == ["1", "3"]
    assert found(search="strike -over") == ["1"]
    assert found(search="100% {all}") == ["1"]
    assert found(outlet="Post") == found(article_state="done") == ["1", "2"]
    assert found(published_after="2026-11-01", published_before="2026-11-05") == ["2"]
    assert found(search="strike", outlet="Post", article_state="new") == []
    assert ids(get(ada, project, search="strike")) == ["1"]


def test_with_pseudonyms_no_name_is_anywhere_in_the_bytes(ada: User, project: Project) -> None:
    User.objects.filter(pk=ada.pk).update(first_name="Adelheid", last_name="Quist", email="quist@example.org")
    xaver = a_member(project, "xaver")
    imported = one_set("annotator", "yolanda", ("actor", 0, 8), state="submitted")
    imported["spans"][0] |= {"id": "yolanda-1", "note": "see Quist (quist@example.org), and XAVER"}
    put(ada, project, lines({"id": "1", "text": TEXT, "metadata": {"desk": "adelheid"}, "annotation_sets": [imported]}))
    work = a_set(an_article(project, TEXT, "2"), xaver, "in_progress")
    apply_changes(actor=xaver, annotation_set_id=work.pk, changes=[put_span("actor", (0, 8), note="xaver")])
    everything: dict[str, Any] = {"sets": "all", "state": "all", "pseudonyms": True}
    written = get(ada, project, **everything)
    first, second = map(orjson.loads, written.splitlines())
    assert first["metadata"] == {"desk": "annotator-1"}
    [of_yolanda], [of_xaver] = first["annotation_sets"], second["annotation_sets"]
    assert (of_yolanda["annotator"], of_xaver["annotator"]) == ("annotator-3", "annotator-2")
    assert of_yolanda["spans"][0]["id"] == "annotator-3-1"
    assert of_yolanda["spans"][0]["note"] == "see annotator-1 (annotator-1), and annotator-2"
    for key in ("jsonl", "csv", "doccano", "label-studio", "web-annotation", "prodigy", "statements"):
        whole = get(ada, project, key, **everything).lower()
        for name in (b"adelheid", b"quist", b"example.org", b"xaver", b"yolanda"):
            assert name not in whole
    a_member(project, "zoe")
    assert get(ada, project, **everything) == written


def test_a_split_never_parts_near_copies(ada: User, project: Project) -> None:
    put(ada, project, lines(*({"id": f"{number:03}", "text": f"Text {number}."} for number in range(200))))
    put(ada, project, lines(*({"id": f"x{number}", "text": "The same text."} for number in range(8))))
    cluster = uuid7()
    Article.objects.filter(project=project, external_id__lt="030").update(cluster=cluster)
    written = get(ada, project, include="empty", split="60/20/20")
    parts = {each["id"]: each["metadata"]["split"] for each in map(orjson.loads, written.splitlines())}
    assert set(parts.values()) == {"train", "dev", "test"}
    assert len({parts[f"{number:03}"] for number in range(30)}) == 1
    assert len({parts[f"x{number}"] for number in range(8)}) == 1
    assert get(ada, project, include="empty", split="60/20/20") == written
    assert b"split" not in get(ada, project, include="empty")


def test_texts_are_withheld_and_can_be_put_back(ada: User, project: Project, tmp_path: Path) -> None:
    gold = one_set("gold", "", ("actor", 0, 8), state="done")
    gold["spans"][0]["fragments"].append([12, 18])
    gold["spans"][0]["quote"] = "Ana Ruiz … Madrid"
    article = {"id": "1", "text": TEXT, "url": "https://example.org/1", "metadata": {"desk": "news"}}
    put(ada, project, lines(article | {"annotation_sets": [gold]}))
    full = get(ada, project)
    digest = {"text_sha256": hashlib.sha256(TEXT.encode()).hexdigest(), "text_characters": len(TEXT)}
    for level, quote in (("hash", None), ("quotes", "Ana R…")):
        written = get(ada, project, text=level, quote_length=5)
        [found] = map(orjson.loads, written.splitlines())
        assert found["metadata"] == {"desk": "news", **digest}
        assert found["annotation_sets"][0]["spans"][0].get("quote") == quote
        assert "text" not in found
        texts, withheld = tmp_path / "texts.jsonl", tmp_path / "withheld.jsonl"
        texts.write_text(json.dumps({"id": "1", "text": "\ufeff" + TEXT.replace("\n", "\r\n") + "\n"}))
        withheld.write_bytes(written)
        command = [sys.executable, "scripts/rebuild_texts.py", str(withheld), str(texts)]
        rebuilt = subprocess.run(command, check=True, capture_output=True)
        assert orjson.loads(rebuilt.stdout) == orjson.loads(full)
        texts.write_text(json.dumps({"id": "1", "text": "Another text."}))
        refused = subprocess.run(command, check=False, capture_output=True, text=True)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "1: the text is another one" in refused.stderr
    assert b"Ana" not in get(ada, project, "csv", text="hash")
    assert b"Ana R\xe2\x80\xa6" in get(ada, project, "csv", text="quotes", quote_length=5)
    [scrambled] = map(orjson.loads, get(ada, project, text="scrambled").splitlines())
    assert len(scrambled["text"]) == len(TEXT)
    assert scrambled["annotation_sets"][0]["spans"][0]["fragments"] == [[0, 8], [12, 18]]
    assert get(ada, project, "conll", text="scrambled")


@pytest.mark.parametrize(
    ("field", "options"),
    [
        ("split", {"split": "80/20"}), ("split", {"split": "0/0/0"}), ("text", {"text": "half"}),
        ("text", {"key": "conll", "text": "hash"}), ("quote_length", {"quote_length": 0}),
        ("article_state", {"article_state": "x"}), ("published_after", {"published_after": "yesterday"}),
    ],
)  # fmt: skip
def test_an_option_that_cannot_be_is_refused(ada: User, project: Project, field: str, options: dict[str, Any]) -> None:
    with pytest.raises(InvalidData) as refused:
        get(ada, project, **options)
    assert [error.field for error in refused.value.errors] == [field]


def opened_by(user: User) -> set[str]:
    return set(ArticleOpening.objects.filter(user=user).values_list("article__external_id", flat=True))


@pytest.fixture
def annotated(project: Project) -> dict[str, AnnotationSet]:
    """Ben's submitted work on one article, Chi's unfinished work on another, a third that nobody has."""
    people = {name: a_member(project, name) for name in ("ben", "chi", "dora")}
    an_article(project, TEXT, "free")
    submitted, begun = an_article(project, TEXT, "submitted"), an_article(project, TEXT, "begun")
    return {
        "submitted": a_set(submitted, people["ben"], "submitted"),
        "begun": a_set(begun, people["chi"]),
    }


@pytest.mark.parametrize(
    ("options", "opened"),
    [
        ({"sets": "annotators"}, {"submitted"}),
        ({"sets": "annotators", "state": "all"}, {"submitted", "begun"}),
        ({"sets": "all"}, {"submitted"}),
        ({"sets": "majority"}, {"submitted"}),
        ({"sets": "gold"}, set()),
        ({"sets": "suggestions"}, set()),
    ],
)
def test_what_an_export_shows_of_others_is_remembered(
    annotated: dict[str, AnnotationSet], project: Project, options: dict[str, str], opened: set[str]
) -> None:
    dora = User.objects.get(username="dora")
    for _twice in range(2):
        get(dora, project, **options)
    assert opened_by(dora) == opened


def test_a_reviewer_who_exported_others_work_gets_none_of_those_articles(
    annotated: dict[str, AnnotationSet], project: Project
) -> None:
    dora = User.objects.get(username="dora")
    get(dora, project, sets="all", state="all")
    claim = claim_next_article(actor=dora, slug=project.slug)
    assert claim is not None
    assert claim.article.external_id == "free"
    move_set(actor=dora, annotation_set_id=claim.pk, action="submit")
    assert claim_next_article(actor=dora, slug=project.slug) is None


def test_a_reviewer_who_annotates_an_article_exports_nobody_elses_work_on_it(
    annotated: dict[str, AnnotationSet], project: Project
) -> None:
    dora = User.objects.get(username="dora")
    own = a_set(annotated["submitted"].article, dora)

    def names(**options: str) -> list[tuple[str, list[str]]]:
        rows = [orjson.loads(line) for line in get(dora, project, **options).splitlines()]
        return [(row["id"], [each.get("annotator", "") for each in row["annotation_sets"]]) for row in rows]

    assert names(sets="annotators", state="all") == [("begun", ["chi"]), ("submitted", ["dora"])]
    assert names(sets="majority") == []
    move_set(actor=dora, annotation_set_id=own.pk, action="release")
    assert names(sets="annotators") == [("submitted", ["ben"])]


def test_ones_own_export_and_an_operators_open_nothing(
    annotated: dict[str, AnnotationSet], project: Project, ada: User
) -> None:
    ben = annotated["submitted"].annotator
    assert ben is not None
    get(ben, project, sets="annotators")
    get(ada, project, sets="annotators", is_seen=False)
    assert ArticleOpening.objects.count() == 0
