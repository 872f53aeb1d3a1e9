"""The catalogues of `locale/`: every text that the sources mark for translation, and what it is in each language.

`make texts` adds new texts to each django.po (empty, to be translated), takes out those that are gone, and writes the
django.mo beside it, which is what Django reads. Babel does it, which is in .venv: no gettext needs to be installed.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT: Final = Path(__file__).resolve().parent.parent
LOCALE: Final = ROOT / "locale"
_KEYWORDS: Final = {
    "_": None,
    "_both": (1, 2),
    "marked": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def sources() -> Iterator[Path]:
    """Every file that can hold a text for people."""
    for folder in ("annotations", "newsapp"):
        yield from sorted(path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)
    yield from templates()


def templates() -> list[Path]:
    """Pages, and the drawings in them."""
    return sorted(path for path in (ROOT / "templates").rglob("*.*") if path.suffix in {".html", ".svg"})


def marked() -> Catalog:
    """The texts of the sources."""
    found = Catalog()
    for path in sources():
        text = path.read_text()
        if path.suffix != ".py":  # the calls that a template's tags stand for, at the beginning of lines
            text = "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())
        name = str(path.relative_to(ROOT))
        for line, message, _comments, context in extract("python", io.BytesIO(text.encode()), _KEYWORDS):
            found.add(message, locations=[(name, line)], context=context)
    return found


def read(path: Path) -> Catalog:
    """A django.po."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def compiled(catalogue: Catalog) -> bytes:
    """The django.mo of a catalogue."""
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def update(path: Path, texts: Catalog) -> int:
    """Bring a django.po and its django.mo up to date; returns how many texts are still to be translated."""
    catalogue = read(path)
    catalogue.update(texts, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    catalogue.project = catalogue.last_translator = catalogue.language_team = "Newsapp"
    catalogue.version = catalogue.msgid_bugs_address = ""
    with path.open("wb") as file:
        write_po(file, catalogue, width=120, include_lineno=False, sort_by_file=True)
    path.with_suffix(".mo").write_bytes(compiled(catalogue))
    return sum(not message.string or not all(message.string) for message in catalogue if message.id)


def main() -> None:
    """Bring all languages up to date."""
    texts = marked()
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/django.po")):
        sys.stdout.write(f"{path.relative_to(ROOT)}: {update(path, texts)} of {len(texts)} still to be translated\n")


if __name__ == "__main__":
    main()
