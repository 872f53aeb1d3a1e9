"""What every format must do: the tests walk the dicts, so that a new format is under them at once."""

from __future__ import annotations

import gzip
import os
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from annotations.domain.documents import Document
from annotations.domain.errors import InvalidData
from annotations.formats import (
    ENDINGS,
    MEDIA_TYPES,
    NAMES,
    READERS,
    WRITERS,
    Losses,
    ReadOptions,
    WriteOptions,
    detect_file,
    detect_format,
)
from tests.formats.documents import FIXTURE, WITHOUT_SPANS, documents_in, read
from tests.formats.expected import FIXTURE_LOSSES, GOLDEN_DOCUMENTS, comparable

GOLDEN = Path(__file__).parent / "golden"
BOTH_WAYS = sorted(READERS.keys() & WRITERS.keys())
LINES = [key for key in BOTH_WAYS if key in {"jsonl", "csv", "tsv"}]


# How they pack is up to their libraries: their golden files are read only.
OPAQUE = frozenset(("spacy", "parquet", "dna"))


def contents_of(data: bytes) -> Any:
    """The bytes, of an archive those of its members: how well they are packed is up to the zlib at hand."""
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


@pytest.mark.parametrize("key", WRITERS)
def test_the_fixture_is_written_as_the_golden_file(key: str) -> None:
    golden = GOLDEN / f"fixture.{key}"
    losses = Losses()
    written = b"".join(WRITERS[key](GOLDEN_DOCUMENTS, WriteOptions(losses=losses)))
    assert losses == FIXTURE_LOSSES[key]
    if os.environ.get("WRITE_GOLDEN"):
        golden.write_bytes(written)
    if key not in OPAQUE:
        assert contents_of(written) == contents_of(golden.read_bytes())


@pytest.mark.parametrize("key", BOTH_WAYS)
def test_the_golden_file_is_read_as_the_fixture(key: str) -> None:
    items = read(key, (GOLDEN / f"fixture.{key}").read_bytes())
    losses = Losses(FIXTURE_LOSSES[key])
    expected = [comparable(document, losses) for document in GOLDEN_DOCUMENTS]
    assert [comparable(document, losses) for document in documents_in(items)] == expected
    assert [item.id for item in items] == ["fixture", "'=plain"]


@pytest.mark.parametrize("key", READERS)
def test_a_golden_file_is_recognised_by_name_and_by_content(key: str) -> None:
    data = (GOLDEN / f"fixture.{key}").read_bytes()
    ending = ENDINGS.get(key, "TXT")
    assert detect_format(f"Some Folder/Fixture.{ending.upper()}", data[:4096]) == key
    assert detect_format("upload", data[:4096]) == key
    assert detect_file(BytesIO(data), "upload") == key


@pytest.mark.parametrize("key", READERS)
def test_a_file_packed_with_gzip_is_read_as_what_is_in_it(key: str) -> None:
    data = (GOLDEN / f"fixture.{key}").read_bytes()
    assert read(key, gzip.compress(data), name="fixture.txt.gz") == read(key, data, name="fixture.txt")


@pytest.mark.parametrize("key", WRITERS)
def test_losses_are_the_same_when_they_are_only_counted(key: str) -> None:
    losses = Losses()
    for _ in WRITERS[key](GOLDEN_DOCUMENTS, WriteOptions(losses=losses, counting_only=True)):
        pass
    assert losses == FIXTURE_LOSSES[key]


@pytest.mark.parametrize("key", LINES)
def test_a_byte_order_mark_and_foreign_line_ends_do_not_matter(key: str) -> None:
    data = (GOLDEN / f"fixture.{key}").read_bytes()
    lines = data.replace(b"\r\n", b"\n")
    assert documents_in(read(key, b"\xef\xbb\xbf" + data)) == [FIXTURE, WITHOUT_SPANS]
    assert documents_in(read(key, lines)) == [FIXTURE, WITHOUT_SPANS]
    assert documents_in(read(key, lines.replace(b"\n", b"\r\n"))) == [FIXTURE, WITHOUT_SPANS]


@pytest.mark.parametrize(
    "key", sorted(key for key in WRITERS if not key.startswith(("graphml", "dna")))
)  # these are whole at the end
def test_a_writer_begins_before_it_has_seen_all_documents(key: str) -> None:
    taken = 0

    def endless() -> Iterator[Document]:
        nonlocal taken
        while True:
            taken += 1
            yield replace(FIXTURE, id=f"{taken}")

    pieces = WRITERS[key](endless(), WriteOptions())
    for _ in range(3):
        while not next(pieces):  # some fill a file in the archive first
            pass
    assert taken <= (3 if key not in OPAQUE else 1_000)


@pytest.mark.parametrize("key", READERS)
@pytest.mark.parametrize(
    "data", [b"\0", b"\xff", b"\xff\xfe\x00", b"{", b"[" * 100_000, b'"', b'id,text\n"', b"PK\x03\x04" + b"\0" * 40]
)
def test_rubbish_is_a_problem_in_a_sentence_and_never_an_error(key: str, data: bytes) -> None:
    items = read(key, data, name="rubbish.txt")
    for item in items:
        assert item.document is not None or item.problem.endswith(".")


@pytest.mark.parametrize("key", READERS)
def test_an_empty_file_has_no_document(key: str) -> None:
    assert [item.document for item in read(key, b"", name="empty.txt") if item.document] == []


@pytest.mark.parametrize("key", READERS)
def test_a_reader_takes_any_stream_that_only_reads_forward(key: str) -> None:
    class Forward(BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: object) -> int:
            raise AssertionError("readers must not seek")

    data = (GOLDEN / f"fixture.{key}").read_bytes()
    assert [item.problem for item in READERS[key](Forward(data), ReadOptions(name="fixture.txt"))].count("") >= 1


def test_each_writer_has_a_media_type_and_an_ending_and_each_format_a_name() -> None:
    assert MEDIA_TYPES.keys() == ENDINGS.keys() == WRITERS.keys()
    assert NAMES.keys() == READERS.keys() | WRITERS.keys()


@pytest.mark.parametrize(
    ("name", "head", "key"),
    [
        ("data.ndjson", b"", "jsonl"),
        ("texts.zip", b"PK\x03\x04", "text"),
        ("", b"PK\x03\x04rest", "text"),
        ("", b'\xef\xbb\xbf {"id": ', "jsonl"),
        ("", b'"ID";"Text"\n1;x', "csv"),
        ("", "id\ttext\n".encode("utf-16"), "tsv"),
        ("", b"A text, with an id and a comma.", "text"),
        ("", b"", "text"),
    ],
)
def test_a_format_is_recognised(name: str, head: bytes, key: str) -> None:
    assert detect_format(name, head) == key


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ("kind", "kind is one of annotator, gold, suggestion, not “x”."),
        ("offsets", "offsets is one of auto, code-point, utf-16, byte, not “x”."),
        ("newlines", "newlines is one of auto, lf, crlf, not “x”."),
    ],
)
def test_an_unknown_option_is_refused(option: str, sentence: str) -> None:
    with pytest.raises(InvalidData) as refused:
        replace(ReadOptions(), **{option: "x"})  # type: ignore[arg-type] # one field of several types
    assert refused.value.detail == sentence
