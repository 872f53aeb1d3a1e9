"""A release is frozen, whole, explained and citable; the same data gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
import pytest

from annotations.domain.errors import InvalidData, NotAllowed, NotFound, StateRefused
from annotations.models import Article, ArticleOpening, Job, Project, Release, ReleaseChunk, User
from annotations.selectors.releases import difference_of, pieces_of, releases_visible_to
from annotations.services import releases
from annotations.services.exports import export_documents
from annotations.services.imports import import_documents
from annotations.services.job_kinds import HANDLERS
from annotations.services.jobs import do_next_job
from annotations.services.releases import make_release, request_release
from tests.factories import a_project, the_cast
from tests.formats.documents import wikinews

# Releases read on a connection of their own, which sees what is committed.
pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "Ana Ruiz of Madrid said so. So did Ben."


def a_line(key: str, *spans: tuple[str, int, int], kind: str = "gold", **more: Any) -> bytes:
    items = [{"id": f"{label}{start}", "label": label, "fragments": [[start, end]]} for label, start, end in spans]
    sets = [{"kind": kind, **({"annotator": "ben"} if kind == "annotator" else {}), "spans": items}]
    return orjson.dumps({"id": key, "text": TEXT, "annotation_sets": sets, **more}, option=orjson.OPT_APPEND_NEWLINE)


@pytest.fixture
def project() -> Project:
    made = a_project()
    made.guideline_versions.create(number=1, markdown="# Claim\n")
    return made


@pytest.fixture
def ada(project: Project) -> User:
    the_cast(project)
    return User.objects.get(username="ada")


def put(ada: User, project: Project, data: bytes) -> None:
    assert import_documents(actor=ada, project=project, stream=BytesIO(data), format="jsonl").problems == []


def whole(release: Release) -> bytes:
    return b"".join(pieces_of(release))


def members(release: Release) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(whole(release))) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_release_holds_the_data_and_all_that_explains_it(ada: User, project: Project) -> None:
    put(ada, project, wikinews())
    release = make_release(actor=ada, project=project, name="1.0", notes="For the paper.", formats=["csv", "brat"])
    found = members(release)
    names = ["README.md", "agreement.json", "croissant.json", "gold.brat.zip", "gold.csv", "gold.jsonl", "guideline.md"]
    assert list(found) == [*names, "manifest.json"]
    data = whole(release)
    assert (release.sha256, release.size) == (hashlib.sha256(data).hexdigest(), len(data))
    exported = b"".join(export_documents(actor=ada, project=project, format="jsonl", sets="gold"))
    assert found["gold.jsonl"] == exported
    manifest = json.loads(found["manifest.json"])
    assert {name: hashlib.sha256(found[name]).hexdigest() for name in names} == {
        file["name"]: file["sha256"] for file in manifest["files"]
    }
    assert {name: manifest["counts"][name] for name in ("articles", "annotation_sets", "spans", "relations")} == {
        "articles": 24, "annotation_sets": 24, "spans": 2_714, "relations": 207,
    }  # fmt: skip
    assert manifest["query"] == {"sets": "gold"}
    assert (manifest["guideline"], found["guideline.md"]) == (1, b"# Claim\n")
    assert sum(manifest["licences"].values()) == 24
    assert [label["key"] for label in manifest["labels"]][:3] == ["actor", "claim", "location"]
    card = found["README.md"].decode()
    for part in ("# Press", "24 articles with 2,714 spans and 207 relations.", release.manifest["cite"]):
        assert part in card
    assert json.loads(found["agreement.json"])["rows"] == release.manifest["agreement"]


def test_the_same_data_gives_the_same_bytes(ada: User, project: Project) -> None:
    put(ada, project, wikinews())
    first, second = (
        make_release(actor=ada, project=project, name=name, notes=name, formats=["csv", "parquet", "webanno"])
        for name in ("one", "two")
    )
    assert whole(first) == whole(second)
    assert first.sha256 == second.sha256
    put(ada, project, a_line("other", ("actor", 0, 8)))
    assert make_release(actor=ada, project=project, name="three").sha256 != first.sha256


# The library uses a class of rdflib that is going away.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize(
    "options", [{}, {"text": "hash", "split": "8/1/1"}, {"sets": "annotators", "pseudonyms": True}]
)
def test_mlcroissant_finds_no_fault_and_reads_the_articles(
    ada: User, project: Project, tmp_path: Path, options: Any, caplog: pytest.LogCaptureFixture
) -> None:
    import mlcroissant  # type: ignore[import-untyped]

    details = {"title": "T", "url": "https://example.org/1", "license": "CC BY 2.5", "language": "en"}
    put(ada, project, a_line("1", ("actor", 0, 8), **details) + a_line("2", kind="annotator"))
    release = make_release(actor=ada, project=project, name="1.0", formats=["csv", "parquet"], options=options)
    with zipfile.ZipFile(BytesIO(whole(release))) as archive:
        archive.extractall(tmp_path)
    dataset = mlcroissant.Dataset(jsonld=tmp_path / "croissant.json")
    assert dataset.metadata.issues.errors == set()
    records = [record["articles/id"] for record in dataset.records("articles")]
    sets = options.get("sets", "gold")
    ids = [orjson.loads(line)["id"].encode() for line in (tmp_path / f"{sets}.jsonl").read_bytes().splitlines()]
    assert records == ids == ([b"2"] if sets == "annotators" else [b"1"])
    rows = [(row["rows/label"], row["rows/start"], row["rows/end"]) for row in dataset.records("rows")]
    assert rows == ([(None, None, None)] if sets == "annotators" else [(b"actor", 0, 8)])


def test_texts_that_may_not_be_passed_on_come_with_the_script_that_puts_them_back(ada: User, project: Project) -> None:
    put(ada, project, a_line("1", ("actor", 0, 8)))
    found = members(make_release(actor=ada, project=project, name="1.0", options={"text": "quotes", "quote_length": 3}))
    assert b"Ana Ruiz" not in b"".join(data for name, data in found.items() if name != "rebuild_texts.py")
    assert found["rebuild_texts.py"].startswith(b'"""Put texts back')


def test_nobody_who_worked_on_it_is_in_the_bytes_of_a_pseudonymous_release(ada: User, project: Project) -> None:
    User.objects.filter(username="ada").update(email="quist@example.org")
    put(ada, project, a_line("1", ("actor", 0, 8), kind="annotator"))
    ben = User.objects.get(username="ben")
    User.objects.filter(pk=ben.pk).update(first_name="Xaver")
    options: Any = {"sets": "annotators", "pseudonyms": True}
    found = members(make_release(actor=ada, project=project, name="by ada", notes="ada", options=options))
    for data in found.values():
        for name in (b'"ben"', b"quist", b"Xaver", b'"ada"', b"by ada"):
            assert name not in data


def test_a_name_is_taken_once_and_options_are_checked(ada: User, project: Project) -> None:
    make_release(actor=ada, project=project, name="1.0")
    with pytest.raises(StateRefused):
        make_release(actor=ada, project=project, name=" 1.0 ")
    for wrong, field in (
        ({"name": " "}, "name"), ({"name": "x" * 101}, "name"), ({"formats": ["docx"]}, "formats"),
        ({"options": {"sets": "x"}}, "sets"), ({"formats": ["brat"], "options": {"text": "hash"}}, "text"),
        ({"notes": "x" * 20_001}, "notes"),
    ):  # fmt: skip
        asked: dict[str, Any] = {"name": "2.0", **wrong}
        with pytest.raises(InvalidData) as refused:
            make_release(actor=ada, project=project, **asked)
        assert [error.field for error in refused.value.errors] == [field]
    assert (Release.objects.count(), set(ReleaseChunk.objects.values_list("release__name", flat=True))) == (1, {"1.0"})


def test_managers_make_releases_and_others_see_those_they_could_export(ada: User, project: Project) -> None:
    for sets in ("gold", "annotators", "majority"):
        make_release(actor=ada, project=project, name=sets, options={"sets": sets})
    for name in ("ben", "dora", "fay"):
        with pytest.raises(NotAllowed):
            make_release(actor=User.objects.get(username=name), project=project, name="x")
    with pytest.raises(NotFound):
        make_release(actor=User.objects.get(username="eve"), project=project, name="x")
    seen = {
        name: {each.name for each in releases_visible_to(project.memberships.get(user__username=name))}
        for name in ("ada", "dora", "fay")
    }
    assert seen == {
        "ada": {"gold", "annotators", "majority"}, "dora": {"gold", "annotators", "majority"},
        "fay": {"gold", "majority"},
    }  # fmt: skip
    with pytest.raises(NotAllowed):
        releases_visible_to(project.memberships.get(user__username="ben"))


def test_what_differs_is_told_with_its_effect_on_counts_and_agreement(ada: User, project: Project) -> None:
    put(ada, project, a_line("a", ("actor", 0, 8), ("claim", 19, 26)) + a_line("b", ("actor", 35, 38)))
    before = make_release(actor=ada, project=project, name="1")
    put(ada, project, a_line("c", ("location", 12, 18)))
    Article.objects.get(external_id="b").annotation_sets.get().spans.update(label=project.labels.get(key="claim"))
    after = make_release(actor=ada, project=project, name="2")
    found = difference_of(before, after)
    assert found["counts"] == {
        "articles": [2, 3], "annotation_sets": [2, 3], "annotators": [0, 0], "spans": [3, 4], "relations": [0, 0],
    }  # fmt: skip
    assert found["spans"] == {"added": 1, "removed": 0, "relabelled": 1, "reworded": 0}
    none = {"added": 0, "removed": 0, "relabelled": 0, "reworded": 0, "relabelled_from": 0}
    assert found["labels"] == [
        {"label": "actor", "before": 2, "after": 1, **none, "relabelled_from": 1},
        {"label": "claim", "before": 1, "after": 2, **none, "relabelled": 1},
        {"label": "location", "before": 0, "after": 1, **none, "added": 1},
    ]
    assert [(each["id"], each["state"]) for each in found["articles"]] == [("b", "changed"), ("c", "added")]
    assert found["articles"][0]["spans"] == [
        {
            "change": "relabelled", "set": "gold", "label": "claim", "before": "actor", "fragments": ((35, 38),),
            "quote": "Ben",
        }
    ]  # fmt: skip
    same = difference_of(after, after)
    assert (same["identical"], same["articles"], same["spans"]["added"]) == (True, [], 0)


def test_a_large_project_is_released_by_the_worker_once(
    ada: User, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(ada, project, a_line("a", ("actor", 0, 8)))
    Job.objects.all().delete()  # what else the import wants done
    monkeypatch.setattr(releases, "AT_ONCE", 0)
    job = request_release(
        actor=ada, project=project, name="1.0", formats=["csv"], options={"published_after": "2020-01-01"}
    )
    assert isinstance(job, Job)
    done = do_next_job(handlers=HANDLERS)
    assert done is not None
    release = Release.objects.get()
    assert (done.state, done.report) == ("done", {"release": str(release.pk), "sha256": release.sha256})
    assert release.manifest["query"] == {"sets": "gold", "published_after": "2020-01-01"}
    Job.objects.filter(pk=job.pk).update(state="waiting")
    again = do_next_job(handlers=HANDLERS)
    assert again is not None
    assert (again.state, again.report, Release.objects.count()) == ("done", done.report, 1)


def test_taking_a_release_of_others_work_is_remembered(ada: User, project: Project) -> None:
    put(ada, project, a_line("a", ("actor", 0, 8), kind="annotator"))
    dora = project.memberships.select_related("project").get(user__username="dora")
    for sets, opened in (("gold", 0), ("annotators", 1)):
        release = make_release(actor=ada, project=project, name=sets, options={"sets": sets})
        releases.record_release_taken(member=dora, release=release)
        assert ArticleOpening.objects.filter(user=dora.user).count() == opened
