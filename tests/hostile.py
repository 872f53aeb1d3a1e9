"""Texts that break offsets elsewhere, with words after them to be labelled."""

from __future__ import annotations

from typing import Final

HOSTILE: Final = {
    "plain": "Nothing special",
    "one emoji": "Storm 😀",
    "five emoji": "😀😃 one 😄😁😆",
    "family and flag": "👨‍👩‍👧‍👦 and 🇳🇴",
    "carriage returns": "One.\r\n\r\nTwo.\r\nThree",
    "combining accents": "cafe\u0301 nai\u0308ve Z\u0351\u036b\u0343",
}
HOSTILE["all"] = " ".join(HOSTILE.values())

WORDS: Final = ("Brevik", "Solheim", "Oslo 🇳🇴")


def hostile_text(name: str) -> str:
    """The text as somebody's file has it: line breaks may be CRLF."""
    return f"{HOSTILE[name]} Brevik reopened 🙂 said Solheim. The end of Oslo 🇳🇴."
