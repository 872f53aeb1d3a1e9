"""What every format must do: the tests walk the dicts, so that a new format is under them at once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from annotations.domain.documents import Document
from annotations.domain.errors import InvalidData
from annotations.formats import MEDIA_TYPES, READERS, WRITERS, ReadOptions, WriteOptions, detect_format
from tests.formats.documents import FIXTURE, WITHOUT_SPANS, documents_in, read, write

GOLDEN = Path(__file__).parent / "golden"
BOTH_WAYS = sorted(READERS.keys() & WRITERS.keys())


@pytest.mark.parametrize("key", WRITERS)
def test_the_fixture_is_written_as_the_golden_file(key: str) -> None:
    golden = GOLDEN / f"fixture.{key}"
    written = write(key, FIXTURE, WITHOUT_SPANS)
    if os.environ.get("WRITE_GOLDEN"):
        golden.write_bytes(written)
    assert written == golden.read_bytes()


@pytest.mark.parametrize("key", BOTH_WAYS)
def test_the_golden_file_is_read_as_the_fixture(key: str) -> None:
    items = read(key, (GOLDEN / f"fixture.{key}").read_bytes())
    assert documents_in(items) == [FIXTURE, WITHOUT_SPANS]
    assert [item.id for item in items] == ["fixture", "'=plain"]


@pytest.mark.parametrize("key", READERS)
def test_a_golden_file_is_recognised_by_name_and_by_content(key: str) -> None:
    path = GOLDEN / f"fixture.{key}"
    assert detect_format(f"Some Folder/Fixture.{key.upper() if key != 'text' else 'TXT'}", b"") == key
    assert detect_format("upload", path.read_bytes()[:512]) == key


@pytest.mark.parametrize("key", BOTH_WAYS)
def test_a_byte_order_mark_and_foreign_line_ends_do_not_matter(key: str) -> None:
    data = (GOLDEN / f"fixture.{key}").read_bytes()
    lines = data.replace(b"\r\n", b"\n")
    assert documents_in(read(key, b"\xef\xbb\xbf" + data)) == [FIXTURE, WITHOUT_SPANS]
    assert documents_in(read(key, lines)) == [FIXTURE, WITHOUT_SPANS]
    assert documents_in(read(key, lines.replace(b"\n", b"\r\n"))) == [FIXTURE, WITHOUT_SPANS]


@pytest.mark.parametrize("key", WRITERS)
def test_a_writer_begins_before_it_has_seen_all_documents(key: str) -> None:
    taken = 0

    def endless() -> Iterator[Document]:
        nonlocal taken
        while True:
            taken += 1
            yield FIXTURE

    pieces = WRITERS[key](endless(), WriteOptions())
    for _ in range(3):
        assert next(pieces)
    assert taken <= 3


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


def test_each_writer_has_a_media_type() -> None:
    assert MEDIA_TYPES.keys() == WRITERS.keys()


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
        ReadOptions(**{option: "x"})
    assert refused.value.detail == sentence
