"""Every text for people is marked, and every marked text is there in every language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from gettext import GNUTranslations
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pytest
from django.template.base import Lexer, Token, TokenType

from annotations.domain import errors
from scripts import texts

LANGUAGES = sorted(path.parent.parent.name for path in texts.LOCALE.glob("*/LC_MESSAGES/django.po"))
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_HOLES: Final = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%%|<[^>]+>")

# Names and notations, the same in every language.
_NAMES: Final = {
    "F1", "Aa", "CSV", "JSON", "curl", "Authorization", "Token", "TOKEN", "Ingrid", "Solheim", "Brevik",
}  # fmt: skip
# What of the HTML people read or hear.
_SPOKEN: Final = {"alt", "aria-label", "aria-description", "content", "placeholder", "title"}
_SILENT: Final = {"script", "style", "code", "kbd", "pre"}


def po_of(language: str) -> Path:
    return texts.LOCALE / language / "LC_MESSAGES" / "django.po"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_marked_text_is_translated_with_its_holes(language: str) -> None:
    catalogue = {(message.context, message.id): message for message in texts.read(po_of(language)) if message.id}
    marked = {(message.context, message.id) for message in texts.marked() if message.id}
    assert (marked - catalogue.keys(), catalogue.keys() - marked) == (set(), set()), "make texts, then translate"
    for (_context, original), message in catalogue.items():
        ours, theirs = (list(each) if isinstance(each, list | tuple) else [each] for each in (original, message.string))
        assert not message.fuzzy, f"only guessed: {original}"
        assert len(theirs) == (2 if message.pluralizable else 1)
        for one, other in zip(map(str, ours), map(str, theirs), strict=True):
            assert other, f"not translated: {one}"
            assert sorted(_HOLES.findall(one)) == sorted(_HOLES.findall(other)), one


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_django_reads_is_made_of_what_people_write(language: str) -> None:
    assert sentences_of(po_of(language).with_suffix(".mo").read_bytes()) == sentences_of(
        texts.compiled(texts.read(po_of(language)))
    )


def sentences_of(compiled: bytes) -> dict[Any, str]:
    catalogue: dict[Any, str] = GNUTranslations(BytesIO(compiled))._catalog  # type: ignore[attr-defined]
    return {key: sentence for key, sentence in catalogue.items() if key}


class _Words(HTMLParser):
    """The words of a page that people read, each with its place."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        for name, value in attrs:
            if value and name in _SPOKEN and (name != "content" or tag != "meta"):
                self.handle_data(value, spoken=True)

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in _SILENT

    def handle_data(self, data: str, *, spoken: bool = False) -> None:
        if spoken or not self._silent:
            self.found += [word for word in _WORD.findall(data) if word not in _NAMES]


def literal_words(source: str) -> list[str]:
    """What a template says outside its tags for translation."""
    page: list[str] = []
    inside = ""
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.BLOCK:
            name = token.split_contents()[0]
            if inside:
                inside = "" if name == f"end{inside}" else inside
            elif name in {"blocktranslate", "comment", "verbatim"}:
                inside = name
        elif token.token_type == TokenType.TEXT and not inside:
            page.append(token.contents)
    words = _Words()
    words.feed("".join(page))
    return words.found + [word for token in Lexer(source).tokenize() for word in sentences_in(token)]


def sentences_in(token: Token) -> Iterator[str]:
    """Texts that a tag hands on without translating them."""
    if token.token_type not in {TokenType.BLOCK, TokenType.VAR}:
        return
    parts = token.split_contents()
    if parts[0] not in {"translate", "comment"}:
        yield from (part for part in parts if re.search(r"(?<!_\()[\"'][^\"']*[^\W\d_]{2,} [^\W\d_]+", part))


@pytest.mark.parametrize("path", texts.templates(), ids=lambda path: str(path.relative_to(texts.ROOT / "templates")))
def test_no_text_of_a_template_escapes_translation(path: Path) -> None:
    assert literal_words(path.read_text()) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('{% translate "Hello" %} {{ name }} <b title="{% translate \'Hello\' %}">F1</b>', []),
        ("<p>Hello</p>", ["Hello"]),
        ('<p title="Hello {{ name }}">{% blocktranslate %}Hello{% endblocktranslate %}</p>', ["Hello"]),
        ('{% include "a.html" with title="Good day" %}', ['title="Good day"']),
    ],
)
def test_a_text_that_is_not_marked_would_be_found(source: str, found: list[str]) -> None:
    assert literal_words(source) == found


# What says a sentence to somebody: our errors, messages after a redirection, fields of forms.
_SAYING: Final = {name for name, kind in vars(errors).items() if isinstance(kind, type)} | {
    "CallFailed", "Item", "add_error", "messages.success", "messages.warning", "messages.error", "messages.info",
}  # fmt: skip
_TRANSLATING: Final = {
    "_",
    "gettext",
    "gettext_lazy",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "marked",
}


def unmarked(source: str) -> list[str]:
    """Sentences that are said as they stand in the code."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and name_of(node.func) in _SAYING:
            found += [
                text for given in (*node.args, *(each.value for each in node.keywords)) for text in said_by(given)
            ]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).startswith(("forms.", "models.")):
            named = [each.value for each in node.keywords if each.arg in {"label", "help_text", "verbose_name"}]
            found += [text for given in named for text in said_by(given)]
    return found


def name_of(called: ast.expr) -> str:
    whole = ast.unparse(called)
    return whole if whole.startswith("messages.") else whole.rpartition(".")[2]


def said_by(given: ast.AST) -> Iterator[str]:
    if isinstance(given, ast.Call) and name_of(given.func) in _TRANSLATING:
        return
    if (
        isinstance(given, ast.Constant)
        and isinstance(given.value, str)
        and re.search(r"[^\W\d_]{2,} [^\W\d_]{2,}", given.value)
    ):
        yield given.value
    for inner in ast.iter_child_nodes(given):
        yield from said_by(inner)


def test_no_sentence_of_the_code_escapes_translation() -> None:
    folders = [
        texts.ROOT / "annotations" / name
        for name in ("api", "domain", "formats", "models", "selectors", "services", "web")
    ]
    paths = [texts.ROOT / "annotations" / "policies.py", *(path for folder in folders for path in folder.rglob("*.py"))]
    found = {str(path.relative_to(texts.ROOT)): unmarked(path.read_text()) for path in paths}
    assert {path: sentences for path, sentences in found.items() if sentences} == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('raise errors.InvalidData(_("It is empty.") % {"n": 1}, [FieldError("a b", _("Fill it."))])', []),
        ('raise NotFound("It is not there.")', ["It is not there."]),
        ('raise NotFound(f"{name} is not there.")', [" is not there."]),
        ('forms.CharField(label="Name of it")', ["Name of it"]),
    ],
)
def test_a_sentence_that_is_not_marked_would_be_found(source: str, found: list[str]) -> None:
    assert unmarked(source) == found
