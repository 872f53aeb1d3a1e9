"""Numbers that were written with a decimal point, as the reader's language writes them."""

from __future__ import annotations

from django.utils.formats import get_format

from annotations.domain.charts import shown


def in_figures(value: float | None) -> str:
    """A measure with two digits, a dash where it is not defined."""
    return localized(shown(value))


def localized(text: str) -> str:
    """The text of a number (or of an interval), with the decimal separator of the language."""
    return text.replace(".", get_format("DECIMAL_SEPARATOR"))
