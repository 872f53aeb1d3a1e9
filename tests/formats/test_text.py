"""Plain texts and archives of texts."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import pytest

from annotations.domain.documents import Document
from annotations.formats import archives, text
from tests.formats.documents import documents_in, read


def archive(*members: tuple[str | zipfile.ZipInfo, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as opened:
        for name, data in members:
            opened.writestr(name, data)
    return buffer.getvalue()


def problems(data: bytes, name: str = "") -> list[tuple[int, str, str, str]]:
    return [(item.line, item.where, item.id, item.problem) for item in read("text", data, name=name)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_is_an_article_called_like_the_file(encoding: str) -> None:
    data = "First 🙂.\r\nSecond.\rThird.".encode(encoding)
    assert documents_in(read("text", data, name="wire.2026-11-24.TXT")) == [
        Document(id="wire.2026-11-24", text="First 🙂.\nSecond.\nThird.")
    ]


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"t", "", "a plain text needs a file name: it becomes the article's id."),
        (b"t", "x" * 501, "the name has 501 characters; it may have 500."),
        (b"", "a.txt", "text is empty."),
        (b"ab\0", "a.txt", "text has a NUL character at offset 2; remove it."),
        (b"caf\xe9", "a.txt", "the file is not UTF-8: byte 0xE9 at offset 3; save it as UTF-8."),
        (b"\xff\xfea", "a.txt", "the file is not UTF-16: byte 0x61 at offset 2; save it as UTF-8."),
        (b"x" * 1_000_001, "a.txt", "text has 1,000,001 characters; an article has at most 1,000,000."),
        (b"x" * (text.MAX_BYTES + 1), "a.txt", "the file is larger than 8 MiB."),
    ],
)
def test_a_text_that_cannot_be_taken_is_refused_in_a_sentence(data: bytes, name: str, sentence: str) -> None:
    assert [item.problem for item in read("text", data, name=name)] == [sentence]


def test_each_text_of_an_archive_is_an_article_called_by_its_path() -> None:
    data = archive(("news/", b""), ("news/a.txt", b"One."), ("news/b.TXT", "Zwei é.".encode()), ("c.txt", b"Three."))
    assert documents_in(read("text", data)) == [
        Document(id="news/a", text="One."),
        Document(id="news/b", text="Zwei é."),
        Document(id="c", text="Three."),
    ]


def test_members_that_cannot_be_taken_are_named_and_the_others_go_in() -> None:
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = 0o120777 << 16
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = archive(
            ("../up.txt", b"x"),
            ("/root.txt", b"x"),
            ("a\\..\\b.txt", b"x"),
            ("c:/d.txt", b"x"),
            (link, b"/etc/passwd"),
            ("picture.png", b"x"),
            ("bad.txt", b"\xff"),
            ("twice.txt", b"first"),
            ("twice.txt", b"second"),
        )
    outside = "the member's name leads outside the archive."
    assert problems(data) == [
        (1, "../up.txt", "", outside),
        (2, "/root.txt", "", outside),
        (3, "a\\..\\b.txt", "", outside),
        (4, "c:/d.txt", "", outside),
        (5, "link.txt", "", "the member is a link."),
        (6, "picture.png", "", "the member is not a text (.txt)."),
        (7, "bad.txt", "bad", "the file is not UTF-8: byte 0xFF at offset 0; save it as UTF-8."),
        (8, "twice.txt", "twice", ""),
        (9, "twice.txt", "", "the archive has two members of this name."),
    ]


def test_an_archive_that_unpacks_to_more_than_a_hundred_times_its_size_is_refused() -> None:
    data = archive(("bomb.txt", b"x" * 1_000_000), compression=zipfile.ZIP_DEFLATED)
    assert problems(data) == [(1, "", "", "the archive unpacks to more than 100 times its size.")]


def test_a_member_that_unpacks_to_more_than_a_hundred_times_its_size_is_refused() -> None:
    bomb, padding = zipfile.ZipInfo("bomb.txt"), zipfile.ZipInfo("padding.txt")
    bomb.compress_type = zipfile.ZIP_DEFLATED
    data = archive((bomb, b"x" * 900_000), (padding, b"y" * 20_000))
    assert problems(data) == [
        (1, "bomb.txt", "", "the member unpacks to more than 100 times its size."),
        (2, "padding.txt", "padding", ""),
    ]


def test_a_member_that_claims_to_be_smaller_than_it_is_is_damaged() -> None:
    whole = archive(("a.txt", b"twelve bytes"))
    lying = whole.replace((12).to_bytes(4, "little") * 2, (5).to_bytes(4, "little") * 2)
    [(line, where, key, problem)] = problems(lying)
    assert (line, where, key) == (1, "a.txt", "")
    assert problem.startswith("the member cannot be unpacked: ")


def test_an_encrypted_member_is_refused() -> None:
    whole = bytearray(archive(("a.txt", b"secret")))
    directory = whole.index(b"PK\x01\x02")
    whole[6] |= 1
    whole[directory + 8] |= 1
    assert problems(bytes(whole)) == [(1, "a.txt", "", "the member is encrypted.")]


def test_a_cut_archive_is_one_problem() -> None:
    whole = archive(("a.txt", b"One."), ("b.txt", b"Two."))
    [(line, _, _, problem)] = problems(whole[: len(whole) // 2])
    assert (line, problem) == (1, "the archive cannot be read: File is not a zip file.")


def test_too_many_members_are_refused(monkeypatch: Any) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 2)
    data = archive(*((f"{number}.txt", b"x") for number in range(3)))
    assert problems(data) == [(1, "", "", "the archive has 3 members; it may have 2.")]


def test_an_empty_archive_has_no_article() -> None:
    assert problems(archive()) == []
