"""Numbers in the language of the reader."""

from __future__ import annotations

from django.utils.formats import get_format, number_format
from django.utils.translation import ngettext

from annotations.domain.charts import shown


def in_figures(value: float | None) -> str:
    """A measure with two digits, a dash where it is not defined."""
    return localized(shown(value))


def counted(one: str, many: str, count: int) -> str:
    """The sentence of so many, which has `%(n)s` in it."""
    return ngettext(one, many, count) % {"n": number_format(count)}


def localized(text: str) -> str:
    """The text of a number (or of an interval), with the decimal separator of the language."""
    return text.replace(".", get_format("DECIMAL_SEPARATOR"))
