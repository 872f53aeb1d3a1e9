"""Changing how the pages look and answer to a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from annotations.domain.errors import FieldError, InvalidData
from annotations.domain.preferences import ALLOWED_KEYS, CHOICES, KEYS, clashes, legal_keys
from annotations.models import User


@transaction.atomic
def change_preferences(*, user: User, values: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the settings that are given, beside those there are; `keys` are given by the names of commands.

    Raises:
        InvalidData: no such setting, no such choice, no such key, or one that another command has.
    """
    # Two tabs may each change something else at once.
    stored = User.objects.select_for_update(no_key=True).get(pk=user.pk).preferences
    problems = [problem for name, value in values.items() if (problem := _problem(name, value))]
    after = {**stored, **{name: value for name, value in values.items() if name != "keys"}}
    if isinstance(values.get("keys"), dict) and not problems:
        own = {**legal_keys(stored.get("keys", {})), **values["keys"]}
        after["keys"] = {name: key for name, key in own.items() if key != KEYS[name]}
        problems = [_clash(name, other, own) for name, other in clashes(after["keys"]).items()]
    if problems:
        raise InvalidData(_("The settings were not changed."), problems)
    user.preferences = after
    user.save(update_fields=["preferences"])
    return after


def _problem(name: str, value: Any) -> FieldError | None:
    if name == "keys":
        return _problem_of_keys(value)
    if name not in CHOICES:
        return FieldError(name, _("There is no such setting."))
    if value not in CHOICES[name]:
        return FieldError(name, _("One of: %(choices)s.") % {"choices": ", ".join(CHOICES[name])})
    return None


def _problem_of_keys(keys: Any) -> FieldError | None:
    if not isinstance(keys, dict):
        return FieldError("keys", _("Give each command its key: {“sentence”: “s”}."))
    for name, key in keys.items():
        if name not in KEYS:
            return FieldError(f"keys.{name}", _("There is no such command."))
        if key not in ALLOWED_KEYS:
            return FieldError(f"keys.{name}", _("This key cannot be chosen."))
    return None


def _clash(name: str, other: str, own: Mapping[str, str]) -> FieldError:
    sentence = _("“%(key)s” is the key of “%(other)s” already; give that one another key first.")
    return FieldError(f"keys.{name}", sentence % {"key": own.get(name, KEYS[name]), "other": other})
