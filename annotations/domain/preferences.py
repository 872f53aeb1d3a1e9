"""How the pages look and answer to one person: what can be chosen, and the keys of the desk that can be changed."""

from __future__ import annotations

from collections.abc import Mapping
from string import ascii_uppercase
from typing import Any, Final

CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "language": ("browser", "en", "de"),
    "theme": ("system", "light", "dark"),
    "text_size": ("normal", "large", "larger"),
    "text_width": ("normal", "narrow", "wide"),
    "line_spacing": ("normal", "wide", "wider"),
    "motion": ("system", "reduced"),
    "sticky": ("on", "off"),
    "snap": ("words", "characters"),
}
"""Each setting with what it can be; the first is what it is until somebody chooses."""

KEYS: Final[Mapping[str, str]] = {
    "sentence": "s",
    "next": "n",
    "previous": "p",
    "cycle": "o",
    "add_part": "f",
    "remove_part": "Shift+F",
    "continue": "q",
    "entity": "e",
    "attributes": "t",
    "note": ";",
    "alike": "r",
    "unsure": "u",
    "ask": "Shift+U",
    "guideline": "Shift+G",
    "accept": "y",
    "reject": "x",
    "accept_all": "Shift+Y",
}
"""The commands of the desk whose key can be changed, with the key they have until then, named as `event.key` is."""

# Letters that labels and relations can have are not among them, nor what moves the cursor.
ALLOWED_KEYS: Final = (
    *sorted({key for key in KEYS.values() if len(key) == 1 and key.isalpha()}),
    *(f"Shift+{letter}" for letter in ascii_uppercase),
    *";'-=/\\`",
)


def filled(stored: Mapping[str, Any]) -> dict[str, Any]:
    """All settings of a person: what is stored and legal, else what it is without; `keys` are those of all commands."""
    found: dict[str, Any] = {
        name: stored.get(name) if stored.get(name) in choices else choices[0] for name, choices in CHOICES.items()
    }
    keys = stored.get("keys")
    own = legal_keys(keys) if isinstance(keys, dict) else {}
    found["keys"] = {**KEYS} if clashes(own) else {**KEYS, **own}
    return found


def legal_keys(keys: Mapping[str, Any]) -> dict[str, str]:
    """Those of the keys that name a command and may be its key."""
    return {name: key for name, key in keys.items() if name in KEYS and key in ALLOWED_KEYS}


def clashes(own: Mapping[str, str]) -> dict[str, str]:
    """Commands whose key another command has, too: each that was changed, with the other."""
    keys = {**KEYS, **own}
    return {
        name: other
        for name in own
        for other, key in keys.items()
        if other != name and key == keys[name] and own[name] != KEYS[name]
    }


def moved(own: Mapping[str, str]) -> dict[str, str]:
    """The key a command has without, with the one it has now, for those that differ."""
    return {KEYS[name]: key for name, key in own.items() if name in KEYS and KEYS[name] != key}
