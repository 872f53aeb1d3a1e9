"""What other people's programs read in our exports, and what we read in theirs."""

from __future__ import annotations

import json
import os
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml import etree  # type: ignore[import-untyped]

from annotations.formats import READERS, ReadOptions
from tests.formats.documents import FIXTURE, FIXTURE_TEXT, WITHOUT_SPANS, documents_in, read, write

pytestmark = pytest.mark.filterwarnings("ignore")  # of the programs' own

QUOTES = [
    ("claim", "“Rates 🙂 will rise,”"),
    ("claim", "“and soon.”"),
    ("actor", "Ana Ruiz of the Bank of Spain"),
    ("actor", "the Bank of Spain"),
    ("location", "Spain"),
    ("location", "Madrid"),
]


def unpacked(key: str, folder: Path) -> Path:
    with zipfile.ZipFile(BytesIO(write(key, FIXTURE, WITHOUT_SPANS))) as archive:
        archive.extractall(folder)
    return folder


def test_bioc_reads_our_brat(tmp_path: Path) -> None:
    from bioc import brat  # type: ignore[import-untyped]

    folder = unpacked("brat", tmp_path) / "annotator" / "ben"
    with (folder / "fixture.txt").open() as text, (folder / "fixture.ann").open() as annotations:
        found = brat.load(text, annotations)
    assert found.text == FIXTURE_TEXT
    assert [(entity.id, entity.type, entity.text) for entity in found.entities] == [
        ("T1", "claim", "“Rates 🙂 will rise,” “and soon.”"),
        ("T2", "actor", "Ana Ruiz of the Bank of Spain"),
        ("T3", "actor", "the Bank of Spain"),
        ("T4", "location", "Spain"),
        ("T5", "location", "Madrid"),
    ]
    assert [(relation.type, dict(relation.arguments)) for relation in found.relations] == [
        ("made_by", {"Arg1": "T1", "Arg2": "T2"})
    ]


def test_pybrat_reads_our_brat(tmp_path: Path) -> None:
    from pybrat.parser import BratParser

    [found] = BratParser(error="raise").parse(unpacked("brat", tmp_path) / "annotator" / "ben")
    pieces = {entity.id: [(part.start, part.end) for part in entity.spans] for entity in found.entities}
    assert pieces == {"T1": [(0, 20), (67, 78)], "T2": [(21, 50)], "T3": [(33, 50)], "T4": [(45, 50)], "T5": [(59, 65)]}
    assert [(link.type, link.arg1.id, link.arg2.id) for link in found.relations] == [("made_by", "T1", "T2")]
    assert {entity.references[0].entry for entity in found.entities if entity.references} == {"Ana Ruiz", "Madrid"}


def test_the_offsets_in_an_xmi_are_utf_16_units(tmp_path: Path) -> None:
    root = etree.parse(unpacked("cas-xmi", tmp_path) / "annotator" / "ben" / "fixture.xmi").getroot()
    sofa = root.find("{http:///uima/cas.ecore}Sofa").get("sofaString").encode("utf-16-le")
    spans = root.findall("{http:///webanno/custom.ecore}Span")
    found = [
        (one.get("label"), sofa[2 * int(one.get("begin")) : 2 * int(one.get("end"))].decode("utf-16-le"))
        for one in spans
    ]
    assert found == QUOTES


@pytest.mark.parametrize("key", ["cas-xmi", "cas-json"])
def test_cassis_reads_our_cas(key: str, tmp_path: Path) -> None:
    import cassis  # type: ignore[import-untyped]

    folder = unpacked(key, tmp_path)
    if key == "cas-xmi":
        with (folder / "TypeSystem.xml").open("rb") as file:
            types = cassis.load_typesystem(file)
        with (folder / "annotator" / "ben" / "fixture.xmi").open("rb") as file:
            cas = cassis.load_cas_from_xmi(file, typesystem=types)
    else:
        with (folder / "annotator" / "ben" / "fixture.json").open("rb") as file:
            cas = cassis.load_cas_from_json(file)
    spans = cas.select("webanno.custom.Span")
    assert [(span.label, span.get_covered_text()) for span in spans] == sorted(
        QUOTES, key=lambda quote: (FIXTURE_TEXT.index(quote[1]), -len(quote[1]))
    )
    [relation] = cas.select("webanno.custom.Relation")
    assert (relation.label, relation.Governor.spanId, relation.Dependent.spanId) == ("made_by", "s1", "s2")


def test_rdflib_reads_our_web_annotations() -> None:
    from rdflib import Graph

    pages = json.loads(write("web-annotation", FIXTURE))
    context = json.loads((Path(__file__).parent / "anno.jsonld").read_text())["@context"]
    for page in pages:  # as a processor would after fetching it
        assert page["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
        page["@context"][0] = context
    graph = Graph().parse(data=json.dumps(pages), format="json-ld")
    rows: Any = graph.query("""
        PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX as: <http://www.w3.org/ns/activitystreams#>
        PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX foaf: <http://xmlns.com/foaf/0.1/>
        SELECT ?label ?exact WHERE {
          ?a dcterms:creator [foaf:name "ben"]; oa:hasBody [oa:hasPurpose oa:tagging; rdf:value ?label];
             oa:hasTarget/(as:items/rdf:rest*/rdf:first)? ?t .
          ?t oa:hasSelector [a oa:TextPositionSelector; oa:start ?start], [oa:exact ?exact] } ORDER BY ?start ?exact""")
    assert sorted((str(row.label), str(row.exact)) for row in rows) == sorted(QUOTES)
    links: Any = graph.query("""
        PREFIX oa: <http://www.w3.org/ns/oa#>
        SELECT ?to ?from WHERE { ?a oa:motivatedBy oa:linking; oa:hasTarget ?from; oa:hasBody/oa:hasSource ?to }""")
    address = "urn:newsapp:article:fixture:set:0:span"
    assert [(str(row["from"]), str(row["to"])) for row in links] == [(f"{address}:s1", f"{address}:s2")]


def test_pandas_reads_our_tables() -> None:
    import pandas as pd

    frame = pd.read_csv(BytesIO(write("csv", FIXTURE, WITHOUT_SPANS)), dtype={"start": "Int64", "end": "Int64"})
    ben = frame[(frame.annotator == "ben") & frame.label.notna()]
    assert list(zip(ben.label, ben.quote, strict=True)) == QUOTES
    text = frame.text.dropna().iloc[0]
    assert [text[row.start : row.end] for row in ben.itertuples()] == [quote for _label, quote in QUOTES]


def test_datasets_reads_our_parquet_without_a_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    import datasets  # type: ignore[import-untyped]

    file = tmp_path / "press.parquet"
    file.write_bytes(write("parquet", FIXTURE, WITHOUT_SPANS))
    found = datasets.Dataset.from_parquet(str(file), cache_dir=str(tmp_path / "cache"))
    assert [(row["id"], row["set_kind"], row["set_annotator"]) for row in found] == [
        ("fixture", "annotator", "ben"), ("fixture", "gold", None), ("fixture", "suggestion", None),
        ("'=plain", None, None),
    ]  # fmt: skip
    ben = found[0]
    pieces = [
        (span["label"], ben["text"][piece["start"] : piece["end"]])
        for span in ben["spans"]
        for piece in span["fragments"]
    ]
    assert pieces == QUOTES
    assert ben["relations"] == [{"id": "r1", "label": "made_by", "source": "s1", "target": "s2"}]
    assert ben["spans"][0]["attributes"] == [
        {"name": "form", "value": "direct"}, {"name": "stance", "value": "supports"},
    ]  # fmt: skip


def test_what_doccano_exports_is_read() -> None:
    lines = (
        b'{"id":7,"text":"Ana Ruiz spoke.","Comments":[],"entities":[{"id":31,"label":"PER","start_offset":0,'
        b'"end_offset":8}],"relations":[],"outlet":"Sum"}\n{"id":8,"text":"Ben.","label":[[0,3,"PER"]]}\n'
    )
    first, second = documents_in(read("doccano", lines, kind="annotator", annotator="ben"))
    assert (first.id, first.outlet, first.annotation_sets[0].annotator) == ("7", "Sum", "ben")
    assert [span.quote for span in (*first.annotation_sets[0].spans, *second.annotation_sets[0].spans)] == [
        "Ana Ruiz", "Ben",
    ]  # fmt: skip


@pytest.mark.parametrize("key", [0, 1])
def test_doccano_s_first_numbers_are_ids_like_any_other(key: int) -> None:
    lines = b"".join(
        json.dumps({"id": key, "text": "Ana", "entities": [], "kind": "annotator", "annotator": name}).encode() + b"\n"
        for name in ("ben", "chi")
    )
    [document] = documents_in(read("doccano", lines, name="news.jsonl"))
    assert (document.id, [one.annotator for one in document.annotation_sets]) == (str(key), ["ben", "chi"])


TASK = {
    "id": 5,
    "data": {"text": "🙂 Ana Ruiz spoke.", "source": "wire"},
    "annotations": [
        {
            "completed_by": {"id": 3, "email": "ben@example.org"},
            "result": [
                {"id": "a", "type": "labels", "from_name": "l", "to_name": "t",
                 "value": {"start": 3, "end": 11, "text": "Ana Ruiz", "labels": ["PER"]}},
                {"id": "b", "type": "rectangle", "value": {"x": 1}},
            ],
        }
    ],
}  # fmt: skip


def test_what_label_studio_exports_is_read_in_utf_16_units() -> None:
    [item] = read("label-studio", json.dumps([TASK]).encode())
    [document] = documents_in([item])
    [one] = document.annotation_sets
    assert (document.id, document.metadata, one.kind, one.annotator) == (
        "5", {"source": "wire"}, "annotator", "ben@example.org",
    )  # fmt: skip
    assert [(span.label, span.fragments, span.quote) for span in one.spans] == [("PER", ((2, 10),), "Ana Ruiz")]
    assert item.losses.rows() == [
        {
            "kind": "others_dropped",
            "count": 1,
            "sentence": "1 thing of the file has no place here and is left out.",
        }
    ]


def test_older_label_studio_files_in_code_points_are_read_by_their_quotes() -> None:
    value = {"start": 2, "end": 10, "text": "Ana Ruiz", "labels": ["PER"]}
    result = [{"id": "a", "type": "labels", "value": value}]
    task = {**TASK, "annotations": [{"completed_by": 3, "result": result}]}
    [document] = documents_in(read("label-studio", json.dumps(task).encode()))
    assert document.annotation_sets[0].annotator == "user-3"
    assert document.annotation_sets[0].spans[0].fragments == ((2, 10),)


LABEL_STUDIO_PYTHON = os.environ.get("LABEL_STUDIO_PYTHON", "")


@pytest.mark.skipif(
    not LABEL_STUDIO_PYTHON, reason="LABEL_STUDIO_PYTHON names no Python that has label-studio-sdk (500 MB with OpenCV)"
)
def test_label_studio_s_own_sdk_reads_our_tasks_and_we_read_its(tmp_path: Path) -> None:
    (tmp_path / "tasks.json").write_bytes(write("label-studio", FIXTURE, WITHOUT_SPANS))
    program = Path(__file__).with_name("label_studio_program.py")
    subprocess.run([LABEL_STUDIO_PYTHON, program], cwd=tmp_path, check=True)
    said = json.loads((tmp_path / "said.json").read_text("utf-8"))
    assert said["errors"] == [[], [], []]
    first, _gold, last = said["converted"]
    text = FIXTURE_TEXT.encode("utf-16-le")
    assert [
        (*place["labels"], text[2 * place["start"] : 2 * place["end"]].decode("utf-16-le")) for place in first["label"]
    ] == QUOTES
    assert (first["stance"], first["entity"], last["text"]) == ("supports", ["Ana Ruiz", "Madrid"], WITHOUT_SPANS.text)
    [document] = documents_in(read("label-studio", json.dumps([said["made"]]).encode()))
    [one] = document.annotation_sets
    assert (one.kind, one.source, [(each.label, each.quote) for each in one.spans]) == (
        "suggestion", "m", [("actor", "Ana Ruiz")],
    )  # fmt: skip


INCEPTION = """#FORMAT=WebAnno TSV 3.3
#T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|identifier|value
#T_SP=de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS|PosValue
#T_RL=webanno.custom.Says|kind|BT_de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity


#Text=Ana_Ruiz 🙂 of Spain.
1-1\t0-3\tAna\tQ1[1]\tPER[1]\tNNP\t_\t_\t
1-2\t3-8\t_Ruiz\tQ1[1]\tPER[1]\t_\t_\t_\t
1-3\t9-11\t🙂\t_\t_\t_\t_\t_\t
1-4\t12-14\tof\t_\t_\t_\t_\t_\t
1-5\t15-20\tSpain\t*\tLOC\t_\tabout\\_it\t1-1[1_0]\t
1-5.1\t15-17\tSp\t*\tPART\t_\t_\t_\t

#Text=Second.
2-1\t22-28\tSecond\t*\t*\t_\t_\t_\t
"""


def test_what_inception_exports_as_tsv_is_read() -> None:
    [item] = read("webanno", INCEPTION.encode(), name="news.tsv", kind="gold")
    [document] = documents_in([item])
    [one] = document.annotation_sets
    assert (document.id, document.text) == ("news", "Ana_Ruiz 🙂 of Spain.\nSecond.")
    assert [(span.label, span.entity, span.quote) for span in one.spans] == [
        ("PER", "Q1", "Ana_Ruiz"),
        ("LOC", "", "Spain"),
        ("PART", "", "Sp"),
        ("namedentity", "", "Second"),
    ]
    quotes = {span.id: span.quote for span in one.spans}
    assert [(link.label, quotes[link.source], quotes[link.target]) for link in one.relations] == [
        ("about_it", "Ana_Ruiz", "Spain")
    ]
    assert dict(item.losses) == {"others_dropped": 1}


def test_a_tsv_without_its_text_gives_the_same_spans() -> None:
    with zipfile.ZipFile(BytesIO(write("webanno", FIXTURE))) as archive:
        data = archive.read("annotator/ben/fixture.tsv")
    [document] = documents_in(read("webanno", data, name="fixture.tsv", kind="annotator", annotator="ben"))
    assert document.text == FIXTURE_TEXT
    assert document.annotation_sets[0].relations == FIXTURE.annotation_sets[0].relations
    assert [span.quote for span in document.annotation_sets[0].spans] == [
        span.quote for span in FIXTURE.annotation_sets[0].spans
    ]


def test_brat_folders_of_others_are_read_with_events_and_windows_line_ends() -> None:
    text = "Ana Ruiz said\r\nrates rise.\r\n"
    lines = (
        "T1\tPER 0 8\tAna Ruiz\nT2\tSAY 9 13\tsaid\nT3\tCLAIM 14 19;20 24\trates rise\n"
        "E1\tSAY:T2 By:T1 What:T3\nA1\tTense E1 past\n*\tEquiv T1 T2\n#1\tAnnotatorNotes T3\tsure?\n"
    )
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("news/a.txt", text)
        archive.writestr("news/a.ann", lines)
    [item] = READERS["brat"](BytesIO(buffer.getvalue()), ReadOptions(kind="gold"))
    [document] = documents_in([item])
    [one] = document.annotation_sets
    assert (document.id, document.text) == ("news/a", text.replace("\r\n", "\n"))
    assert [(span.label, span.quote, dict(span.attributes), span.note) for span in one.spans] == [
        ("PER", "Ana Ruiz", {}, ""),
        ("SAY", "said", {"Tense": "past"}, ""),
        ("CLAIM", "rates … rise", {}, "sure?"),
    ]
    assert [(link.id, link.label, link.source, link.target) for link in one.relations] == [
        ("E1.1", "By", "T2", "T1"), ("E1.2", "What", "T2", "T3"),
    ]  # fmt: skip
    assert dict(item.losses) == {"relations_dropped": 1}
