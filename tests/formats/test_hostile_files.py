"""Files that are broken, hostile or odd: each is a problem in a sentence, none an error, and what is sound goes in."""

from __future__ import annotations

import gzip
import json
import random
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from annotations.formats import READERS, Item, ReadOptions
from annotations.formats.compression import GZIP_SIGNATURE
from tests.formats.documents import FIXTURE, read, write

GOLDEN = Path(__file__).parent / "golden"


def packed(*members: tuple[str | zipfile.ZipInfo, bytes | str], method: int = zipfile.ZIP_STORED) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()


def a_link(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name)
    member.external_attr = 0o120777 << 16
    return member


def brat(annotations: str | bytes, text: str | bytes = "Ana 🙂 Ruiz of Spain.") -> bytes:
    return packed(("gold/a.txt", text), ("gold/a.ann", annotations))


def span_of(**fields: Any) -> bytes:
    span = {"id": "s", "label": "actor", "fragments": [[0, 3]], **fields}
    one = {"kind": "gold", "spans": [span]}
    return json.dumps({"id": "d", "text": "Ana 🙂 Ruiz", "annotation_sets": [one]}).encode()


def task(result: Any, **data: Any) -> bytes:
    one = {"ground_truth": True, "result": result}
    return json.dumps([{"data": {"id": "d", "text": "Ana 🙂 Ruiz", **data}, "annotations": [one]}]).encode()


def region(start: Any, end: Any, text: Any, **fields: Any) -> dict[str, Any]:
    value = {"start": start, "end": end, "text": text, "labels": ["actor"]}
    return {"id": "r", "type": "labels", "value": value, **fields}


def page(items: Any, **fields: Any) -> bytes:
    article = {"id": "d", "text": "Ana 🙂 Ruiz"}
    return json.dumps(
        {
            "@context": [],
            "type": "AnnotationPage",
            "article": article,
            "sets": [{"kind": "gold"}],
            "items": items,
            **fields,
        }
    ).encode()


def mention(*selectors: Any) -> dict[str, Any]:
    return {"type": "Annotation", "data": {"set": 0}, "target": {"selector": list(selectors)}}


def tsv(*rows: str, text: str = "Ana 🙂") -> bytes:
    head = "#FORMAT=WebAnno TSV 3.3\n#T_SP=webanno.custom.Span|label|spanId\n\n"
    return (head + f"#Text={text}\n" + "\n".join(rows) + "\n").encode()


def xmi(text: str = "Ana 🙂 Ruiz", begin: str = "0", end: str = "3", head: str = "", more: str = "") -> bytes:
    return (
        f'{head}<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" '
        f'xmlns:custom="http:///webanno/custom.ecore" xmi:version="2.0"><cas:NULL xmi:id="0"/>'
        f'<custom:Span xmi:id="2" sofa="1" begin="{begin}" end="{end}" label="actor" spanId="s"/>{more}'
        f'<cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" mimeType="text/plain" sofaString="{text}"/>'
        f'<cas:View sofa="1" members="2"/></xmi:XMI>'
    ).encode()


BILLION = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<x>&b;</x>'
)  # fmt: skip
OUTSIDE = "the member's name leads outside the archive."
NO_TEXT_OFFSETS = "is not inside the text, which has 10 characters."
CUT = write("jsonl", FIXTURE)

# Format, file, what the first problem says (a part of it).
CASES: dict[str, tuple[str, bytes, str]] = {
    # Archives
    "a member above the archive": ("brat", packed(("../a.txt", "x")), OUTSIDE),
    "a member at the root": ("brat", packed(("/etc/a.txt", "x")), OUTSIDE),
    "a member with a drive": ("webanno", packed(("c:/a.tsv", "x")), OUTSIDE),
    "a member with backslashes": ("cas-xmi", packed(("..\\a.xmi", "x")), OUTSIDE),
    "a link among the members": ("brat", packed((a_link("a.txt"), "/etc/passwd")), "the member is a link."),
    "a link to annotations": ("brat", packed(("a.txt", "x"), (a_link("a.ann"), "/etc/x")), "the member is a link."),
    "a bomb": ("brat", packed(("a.txt", b"x" * 2_000_000), method=zipfile.ZIP_DEFLATED), "100 times its size."),
    "a bomb in a bomb": ("html", packed(("a.html", packed(("b", b"\0" * 2_000_000), method=zipfile.ZIP_DEFLATED)), method=zipfile.ZIP_DEFLATED), "no article was found"),
    "an archive in an archive": ("brat", packed(("a.zip", packed(("b.txt", "x")))), "the member is not of this format"),
    "half an archive": ("brat", packed(("a.txt", "x" * 500))[:200], "the archive cannot be read"),
    "rubbish after the signature": ("webanno", b"PK\x03\x04" + b"\xff" * 99, "the archive cannot be read"),
    "a member twice": ("brat", b"TWICE", "two members of this name."),
    "a member that is damaged": ("brat", packed(("a.txt", "Ana Ruiz")).replace(b"Ana Ruiz", b"Ana Riuz", 1), "cannot be unpacked"),
    "an index that is no JSON": ("brat", packed(("index.jsonl", "{"), ("gold/a.txt", "x")), "it is not JSON."),
    "an index without ids": ("brat", packed(("index.jsonl", "{}\n")), "an object with an id."),
    "an index that names no member": ("brat", packed(("index.jsonl", '{"id":"a","member":"x"}')), "has no member"),
    "an index that leads outside": ("brat", packed(("index.jsonl", '{"id":"a","member":"../../etc/passwd"}')), "has no member"),
    "an index with a text": ("brat", packed(("index.jsonl", '{"id":"a","text":"x","member":"y"}')), "the text stands in the members"),
    "an index with spans": ("brat", packed(("index.jsonl", '{"id":"a","annotation_sets":[{"member":"a","spans":[]}]}')), "stand in the members"),
    "an index with a NUL": ("brat", packed(("index.jsonl", '{"id":"a\\u0000","member":"y"}')), "NUL"),
    "sets of different texts": ("brat", packed(("gold/a.txt", "One."), ("gold/a.ann", ""), ("annotator/ben/a.txt", "Two."), ("annotator/ben/a.ann", "")), "the text differs"),
    # gzip
    "half a gzip file": ("jsonl", gzip.compress(CUT)[:-20], "ends too soon"),
    "a gzip file with another checksum": ("jsonl", gzip.compress(CUT)[:-8] + b"\0" * 8, "damaged"),
    "rubbish in gzip": ("csv", GZIP_SIGNATURE + b"rubbish and more of it", "damaged"),
    "a gzip bomb": ("jsonl", gzip.compress(b" " * 50_000_000), "100 times its size."),
    # Bytes and characters
    "Latin-1 in JSON Lines": ("jsonl", '{"id":"d","text":"caf\xe9"}'.encode("latin-1"), "not UTF-8: byte 0xE9"),
    "Latin-1 in doccano": ("doccano", '{"id":"d","text":"caf\xe9"}'.encode("latin-1"), "not UTF-8: byte 0xE9"),
    "Latin-1 in Label Studio": ("label-studio", '[{"data":{"text":"caf\xe9"}}]'.encode("latin-1"), "not UTF-8: byte 0xE9"),
    "Latin-1 in brat": ("brat", brat("", "caf\xe9".encode("latin-1")), "not UTF-8: byte 0xE9"),
    "Latin-1 annotations in brat": ("brat", brat("T1\tactor 0 3\t\xe9".encode("latin-1")), "not UTF-8: byte 0xE9"),
    "Latin-1 in WebAnno TSV": ("webanno", tsv("1-1\t0-3\tAna\t_\t_").replace(b"Ana", b"caf\xe9"), "not UTF-8"),
    "UTF-16 in JSON Lines": ("jsonl", '{"id":"d","text":"x"}'.encode("utf-16"), "UTF-16"),
    "UTF-16 in Label Studio": ("label-studio", '[{"data":{"text":"x"}}]'.encode("utf-16"), "UTF-16"),
    "a NUL in a text": ("jsonl", b'{"id":"d","text":"a\\u0000"}', "NUL"),
    "a NUL in a brat text": ("brat", brat("", "a\0b"), "NUL"),
    "a NUL in doccano": ("doccano", b'{"id":"d","text":"a\\u0000"}', "NUL"),
    "a NUL in Label Studio": ("label-studio", task([region(0, 3, "A\0a")]), "NUL"),
    "a lone surrogate": ("jsonl", b'{"id":"d","text":"\\ud83d"}', "surrogate"),
    "a lone surrogate in web annotations": ("web-annotation", page([]).replace(b"Ruiz", b"\\ud83d"), "surrogate"),
    "a lone surrogate in a CAS": ("cas-json", b'{"%TYPES":{},"%FEATURE_STRUCTURES":[{"%ID":1,"%TYPE":"uima.cas.Sofa","sofaNum":1,"sofaID":"_InitialView","sofaString":"\\ud83d"}],"%VIEWS":{"_InitialView":{"%SOFA":1,"%MEMBERS":[]}}}', "surrogate"),
    "a CSV of another encoding": ("csv", b"id,text\nd,caf\xe9\n", "not UTF-8"),
    # Offsets and quotes
    "an offset outside": ("jsonl", span_of(fragments=[[0, 99]]), "is not inside the text"),
    "an offset below zero": ("jsonl", span_of(fragments=[[-1, 3]]), "is not inside the text"),
    "an offset that is no number": ("jsonl", span_of(fragments=[["0", 3]]), "pairs of whole numbers"),
    "an empty fragment": ("jsonl", span_of(fragments=[[3, 3]]), "is empty or backwards"),
    "fragments that overlap": ("jsonl", span_of(fragments=[[0, 3], [2, 5]]), "overlap"),
    "a quote that differs": ("jsonl", span_of(quote="Ben"), "but the quote is “Ben”"),
    "a table with an offset outside": ("csv", b"id,text,set_kind,label,start,end\nd,Ana,gold,actor,0,9\n", "is not inside the text"),
    "a table with a quote that differs": ("csv", b"id,text,set_kind,label,start,end,quote\nd,Ana,gold,actor,0,3,Ben\n", "but the quote is “Ben”"),
    "brat outside its text": ("brat", brat("T1\tactor 0 99\tAna"), "is not inside the text"),
    "brat far outside its text": ("brat", brat("T1\tactor 0 99999999999\tAna"), "far outside"),
    "brat with a quote that differs": ("brat", brat("T1\tactor 0 3\tBen"), "but the quote is “Ben”"),
    "brat backwards": ("brat", brat("T1\tactor 3 0\t"), "is empty or backwards"),
    "Label Studio outside its text": ("label-studio", task([region(0, 99, None)]), "is not inside the text"),
    "Label Studio in half a character": ("label-studio", task([region(5, 7, "🙂")], text="Ana 🙂🙂 Ruiz"), "but"),
    "Label Studio with a quote that differs": ("label-studio", task([region(0, 3, "Ben")]), "but the quote is “Ben”"),
    "Label Studio without offsets": ("label-studio", task([region(None, None, None)]), "pairs of whole numbers"),
    "doccano outside its text": ("doccano", b'{"id":"d","text":"Ana","entities":[{"id":1,"label":"a","start_offset":0,"end_offset":9}],"kind":"gold"}', "is not inside the text"),
    "doccano with offsets as texts": ("doccano", b'{"id":"d","text":"Ana","label":[["0",1,"a"]],"kind":"gold"}', "pairs of whole numbers"),
    "a web annotation outside its text": ("web-annotation", page([mention({"type": "TextPositionSelector", "start": 0, "end": 99})]), "is not inside the text"),
    "a web annotation with a quote that differs": ("web-annotation", page([mention({"type": "TextPositionSelector", "start": 0, "end": 3}, {"type": "TextQuoteSelector", "exact": "Ben"})]), "but the quote is “Ben”"),
    "a web annotation without a position": ("web-annotation", page([mention({"type": "XPathSelector"})]), "no TextPositionSelector"),
    "a TSV whose token differs": ("webanno", tsv("1-1\t0-3\tBen\tactor\ts"), "the token 1-1 is “Ben”"),
    "a TSV outside its text": ("webanno", tsv("1-1\t0-3\tAna\t_\t_", "1-2\t90-99\tRuiz\tactor\ts"), "outside the text"),
    "a TSV in half a character": ("webanno", tsv("1-1\t0-3\tAna\t_\t_", "1-2\t5-6\tx\tactor\ts"), "inside a character"),
    "a CAS outside its text": ("cas-xmi", xmi(end="99"), "the offset 99 lies outside"),
    "a CAS in half a character": ("cas-xmi", xmi(begin="4", end="5"), "the offset 5 lies outside the text or inside a character"),
    # Things twice, things missing
    "an id twice": ("jsonl", json.dumps({"id": "d", "text": "Ana", "annotation_sets": [{"kind": "gold", "spans": [{"id": "s", "label": "a", "fragments": [[0, 1]]}, {"id": "s", "label": "a", "fragments": [[1, 2]]}]}]}).encode(), "have the same id"),
    "a brat line twice": ("brat", brat("T1\tactor 0 3\tAna\nT1\tactor 0 3\tAna"), "T1 stands twice"),
    "a span twice": ("brat", brat("T1\tactor 0 3\tAna\nT2\tactor 0 3\tAna"), "have the same label and fragments"),
    "a relation to nothing": ("brat", brat("T1\tactor 0 3\tAna\nR1\tby Arg1:T1 Arg2:T9"), "is not the id of a span"),
    "a relation to itself": ("brat", brat("T1\tactor 0 3\tAna\nR1\tby Arg1:T1 Arg2:T1"), "are the same span"),
    "a brat line without a tab": ("brat", brat("T1 actor 0 3 Ana"), "has no tab"),
    "a brat line of no kind": ("brat", brat("X1\tactor"), "is no id of brat's"),
    "a web annotation without its text": ("web-annotation", b'{"@context":"x","type":"AnnotationPage","items":[]}', "annotations alone cannot be imported"),
    "a single web annotation": ("web-annotation", b'{"@context":"x","type":"Annotation"}', "must be an AnnotationPage"),
    "a task without data": ("label-studio", b'[{"annotations":[]}]', "an object with data"),
    "a task without a text": ("label-studio", b'[{"data":{"image":1}}]', "has no text"),
    "results that are no list": ("label-studio", task({"a": 1}), "result must be a list"),
    "a list that ends too soon": ("label-studio", task([])[:-9], "ends too soon"),
    "numbers instead of tasks": ("label-studio", b"[1,2,3]", "no object"),
    "a list in JSON Lines": ("jsonl", b"[\n{}\n]", "the beginning of a list"),
    "a TSV without its first line": ("webanno", b"1-1\t0-3\tAna\n", "does not begin with #FORMAT"),
    "a row without offsets": ("webanno", tsv("1-1\tAna"), "a row needs"),
    "a CAS without a text": ("cas-json", b'{"%TYPES":{},"%FEATURE_STRUCTURES":[],"%VIEWS":{}}', "the CAS has no text"),
    "a CAS of unknown types": ("cas-xmi", xmi(more='<custom:Other xmi:id="7" sofa="1" begin="0" end="3"/>'), "the CAS cannot be read"),
    # XML that does things
    "XML with entities": ("cas-xmi", BILLION.encode(), "declares a document type or entities"),
    "XML that names a file": ("cas-xmi", xmi(head='<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>', text="&f;"), "declares a document type or entities"),
    "XML in UTF-16 with entities": ("cas-xmi", BILLION.encode("utf-16"), "declares a document type or entities"),
    "a type system with entities": ("cas-xmi", packed(("TypeSystem.xml", BILLION), ("gold/a.xmi", xmi())), "declares a document type or entities"),
    "XML that is cut": ("cas-xmi", xmi()[:200], "the CAS cannot be read"),
    "XML nested deeply": ("cas-xmi", b"<a>" * 100_000, "the CAS cannot be read"),
    # Depth, cells, pages
    "JSON nested deeply": ("jsonl", b'{"id":"d","text":"x","metadata":' + b'{"a":' * 60 + b"1" + b"}" * 61, "nested"),
    "JSON nested very deeply": ("label-studio", b'[{"data":' + b"[" * 100_000, "ends too soon"),
    "a cell that is a formula is a text": ("csv", b"id,text,label,start,end\nd,=1+1,actor,,\n", "needs label, start and end"),
    "an unfinished cell": ("csv", b'id,text\nd,"x\n', "not well formed"),
    "a page without an article": ("html", b"<html><body><script>alert(1)</script></body></html>", "no article was found"),
    "a page that is no page": ("html", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "no article was found"),
    "no DocBin": ("spacy", b"rubbish", "is no DocBin"),
}  # fmt: skip


def database(*statements: str, base: bool = True) -> bytes:
    """A DNA database after some statements of SQL."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "d.dna"
        if base:
            path.write_bytes(write("dna", FIXTURE))
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA ignore_check_constraints = ON")
            connection.executescript(";".join(statements))
            connection.commit()
        return path.read_bytes()


ENDLESS = "CREATE VIEW {} AS WITH RECURSIVE r(ID) AS (SELECT 1 UNION ALL SELECT ID + 1 FROM r) SELECT * FROM r"
CASES |= {
    "no database": ("dna", b"rubbish", "is no SQLite database"),
    "half a database": ("dna", write("dna", FIXTURE)[:20_000], "damaged or refuses"),
    "a database of something else": ("dna", database("CREATE TABLE a(b)", base=False), "is none of DNA 3: it has no table CODERS."),
    "a database of DNA 2": ("dna", database("CREATE TABLE STATEMENTS(ID)", base=False), "is of DNA 2"),
    "a view instead of a table": ("dna", database("DROP TABLE VARIABLELINKS", "ALTER TABLE DOCUMENTS RENAME TO x", ENDLESS.format("DOCUMENTS")), "has no table DOCUMENTS."),
    "a statement outside its text": ("dna", database("UPDATE STATEMENTS SET Stop = 900"), "the offset 900 lies outside the text"),
    "a statement in half a character": ("dna", database("UPDATE STATEMENTS SET Start = 8 WHERE Start = 0"), "inside a character"),
    "a statement without numbers": ("dna", database("UPDATE STATEMENTS SET Stop = 'x'"), "no whole numbers"),
    "a text that is no text": ("dna", database("UPDATE DOCUMENTS SET Text = x'ff00'"), "text must be a text"),
    "a NUL in a DNA text": ("dna", database("UPDATE DOCUMENTS SET Text = 'a' || char(0) || 'b'"), "the offset"),
    "bytes that are no UTF-8": ("dna", database("UPDATE DOCUMENTS SET Text = CAST(x'ff' || Text AS TEXT)"), "surrogate"),
}  # fmt: skip


def problems(key: str, data: bytes) -> list[str]:
    name = {"csv": "d.csv", "html": "d.html"}.get(key, "d")
    options = ReadOptions(name=name)
    if key in {"webanno", "cas-xmi", "cas-json"} and not data.startswith(b"PK"):
        options = ReadOptions(name=name, kind="gold")
    return [item.problem for item in READERS[key](BytesIO(data), options) if item.problem]


@pytest.mark.parametrize("case", CASES)
def test_a_hostile_file_is_a_problem_in_a_sentence(case: str) -> None:
    key, data, sentence = CASES[case]
    if data == b"TWICE":
        with pytest.warns(UserWarning, match="Duplicate name"):
            data = packed(("a.txt", "x"), ("a.txt", "y"))
    found = problems(key, data)
    assert found
    assert sentence in found[0]
    assert all(problem.endswith((".", "?")) for problem in found)


def test_there_are_at_least_sixty_cases() -> None:
    assert len(CASES) >= 60


class Endless:
    """A file of one line that never ends, as far as anybody reads it."""

    def __init__(self, head: bytes, piece: bytes, size: int) -> None:
        self._head = head
        self._piece = piece
        self._left = size
        self.most = 0

    def read(self, size: int = -1) -> bytes:
        assert size >= 0, "nobody reads a whole file"
        self.most = max(self.most, size)
        if self._head:
            found, self._head = self._head[:size], self._head[size:]
            return found
        size = min(size, self._left)
        self._left -= size
        return (self._piece * (size // len(self._piece) + 1))[:size]

    def readline(self, size: int = -1) -> bytes:
        return self.read(size)


@pytest.mark.parametrize(
    ("key", "head"),
    [
        ("jsonl", b'{"id":"d","text":"'), ("doccano", b'{"id":"d","text":"'), ("csv", b"id,text\nd,"),
        ("tsv", b"id\ttext\nd\t"), ("label-studio", b'[{"data":{"text":"'), ("web-annotation", b'[{"a":"'),
        ("text", b"a"), ("html", b"<html>"), ("cas-json", b'{"%TYPES":"'), ("webanno", b"#FORMAT="),
        ("spacy", b"x"), ("cas-xmi", b"<a>"),
    ],
)  # fmt: skip
def test_a_line_of_a_gibibyte_is_never_in_memory(key: str, head: bytes) -> None:
    stream: Any = Endless(head, b"x", 2**30 if key == "jsonl" else 2**28)
    found = [item.problem for item in READERS[key](stream, ReadOptions(name="d", kind="gold"))]
    assert found
    assert all(found)
    assert stream.most <= 128 * 2**20


def mutated(value: Any, chance: random.Random) -> Any:
    """The same JSON with a few things exchanged for others."""
    odd: list[Any] = [None, True, -1, 3.5, 10**30, "", "x" * 300, "\ud800", [], {}, [[]], {"id": []}, [1, "a"], "s1"]
    if chance.random() < 0.04:
        return chance.choice(odd)
    if isinstance(value, dict):
        return {key: mutated(inner, chance) for key, inner in value.items() if chance.random() > 0.02}
    if isinstance(value, list):
        return [mutated(inner, chance) for inner in value if chance.random() > 0.02]
    return value


def as_lines(key: str) -> Iterator[Any]:
    data = (GOLDEN / f"fixture.{key}").read_bytes()
    yield from ([json.loads(data)] if key in {"label-studio", "web-annotation"} else map(json.loads, data.splitlines()))


@pytest.mark.parametrize("key", ["jsonl", "doccano", "label-studio", "web-annotation"])
def test_json_with_anything_anywhere_is_never_an_error(key: str) -> None:
    chance = random.Random(key)
    for _ in range(150):
        lines = [json.dumps(mutated(value, chance)) for value in as_lines(key)]
        items = read(key, "\n".join(lines).encode())
        assert all(item.problem.endswith((".", "?")) for item in items if item.document is None)


def cas_mutations(chance: random.Random) -> bytes:
    with zipfile.ZipFile(GOLDEN / "fixture.cas-json") as archive:
        value = json.loads(archive.read("annotator/ben/fixture.json"))
    return json.dumps(mutated(value, chance)).encode()


def test_a_cas_with_anything_anywhere_is_never_an_error() -> None:
    chance = random.Random("cas")
    for _ in range(60):
        items = read("cas-json", cas_mutations(chance), name="d.json", kind="gold")
        assert all(item.problem.endswith((".", "?")) for item in items if item.document is None)


def garbled(data: bytes, chance: random.Random) -> bytes:
    garbage = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(garbage))
        match chance.randrange(3):
            case 0:
                garbage[at] = chance.randrange(256)
            case 1:
                del garbage[at : at + chance.randint(1, 30)]
            case _:
                garbage[at:at] = chance.choice([b"\0", b"\n", b"\t", b"[", b"|", b"\\", b"\xff", b"9999", b'"', b"_"])
        if not garbage:
            return b""
    return bytes(garbage)


WITHIN: dict[str, Callable[[bytes], bytes]] = {
    "brat": lambda data: packed(("gold/a.txt", FIXTURE.text), ("gold/a.ann", data)),
    "webanno": lambda data: packed(("gold/a.tsv", data), ("gold/a.txt", FIXTURE.text)),
    "cas-xmi": lambda data: packed(("gold/a.xmi", data)),
}


@pytest.mark.parametrize("key", WITHIN)
def test_members_with_any_bytes_changed_are_never_an_error(key: str) -> None:
    ending = {"brat": "ann", "webanno": "tsv", "cas-xmi": "xmi"}[key]
    with zipfile.ZipFile(GOLDEN / f"fixture.{key}") as archive:
        whole = archive.read(f"annotator/ben/fixture.{ending}")
    chance = random.Random(key)
    for _ in range(100):
        items: list[Item] = read(key, WITHIN[key](garbled(whole, chance)))
        assert all(item.problem.endswith((".", "?")) for item in items if item.document is None)


@pytest.mark.parametrize("key", READERS)
def test_files_with_any_bytes_changed_are_never_an_error(key: str) -> None:
    whole = (GOLDEN / f"fixture.{key}").read_bytes()
    chance = random.Random(key)
    for _ in range(10 if key == "html" else 30):
        items = read(key, garbled(whole, chance), name="d", kind="gold")
        assert all(item.problem.endswith((".", "?")) for item in items if item.document is None)
