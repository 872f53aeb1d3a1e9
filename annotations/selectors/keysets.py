"""Where a page of a long list begins: behind the values of the last row, so that rows that come and go move nothing."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q
from django.utils.translation import gettext as _

from annotations.domain.errors import InvalidData


def beyond(order: Sequence[str], values: Sequence[Any], *, falling: bool) -> Q:
    """Rows behind `values` in the order of the fields, which together are unique."""
    operator = "lt" if falling else "gt"
    condition = Q()
    for position, name in enumerate(order):
        equal = dict(zip(order[:position], values[:position], strict=True))
        condition |= Q(**equal, **{f"{name}__{operator}": values[position]})
    return condition


def encoded(order: Sequence[str], row: Model) -> str:
    """The values of a row, for an address."""
    texts = [str(getattr(row, name)) for name in order]
    return base64.urlsafe_b64encode(json.dumps(texts).encode()).decode()


def decoded(model: type[Model], order: Sequence[str], cursor: str) -> list[Any]:
    """The values again.

    Raises:
        InvalidData: they are none of this list.
    """
    try:
        texts = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        fields = [model._meta.pk if name == "pk" else model._meta.get_field(name) for name in order]
        return [field.to_python(text) for field, text in zip(fields, texts, strict=True) if isinstance(field, Field)]
    except (ValueError, TypeError, ValidationError, binascii.Error):
        raise InvalidData(_("There is no such page of the list.")) from None
