"""The keys of the desk in words: the table of the help, and the names of the commands whose key can be changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

NAMES: Final[Mapping[str, Any]] = {
    "sentence": gettext_lazy("select the sentence"),
    "next": gettext_lazy("next span"),
    "previous": gettext_lazy("previous span"),
    "cycle": gettext_lazy("the spans at the cursor one after the other, inner to outer"),
    "add_part": gettext_lazy("add the selection to the current span as a part"),
    "remove_part": gettext_lazy("take the part away"),
    "continue": gettext_lazy("take up the quotation where it goes on"),
    "entity": gettext_lazy("entity of the current span"),
    "attributes": gettext_lazy("attributes of the current span, then a digit"),
    "note": gettext_lazy("note on the current span"),
    "alike": gettext_lazy("label all identical mentions"),
    "unsure": gettext_lazy("I am not sure of this span"),
    "ask": gettext_lazy("ask the reviewers about it"),
    "guideline": gettext_lazy("to the guideline"),
    "accept": gettext_lazy("accept the suggestion, on to the next"),
    "reject": gettext_lazy("reject the suggestion, on to the next"),
    "accept_all": gettext_lazy("accept all suggestions of this label"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the help: alternatives of keys pressed together, and what they do."""

    keys: Sequence[Sequence[str]]
    does: str


@dataclass(frozen=True, slots=True)
class Group:
    """What belongs together in the help."""

    title: str
    rows: Sequence[Row]


def shown(key: str) -> str:
    """A key as the page shows it."""
    return key.replace("Shift+", "⇧ ")


def help_groups(settings: Mapping[str, Any], keys: Mapping[str, str], *, suggestions: bool) -> list[Group]:
    """All keys of the desk, by what they are for; labels and links bring their own (`selectors.desk.desk_settings`)."""
    ctrl, shift, alt = _("Ctrl"), _("Shift"), _("Alt")

    def own(*names: str) -> list[Row]:
        return [Row([[shown(keys[name])]], str(NAMES[name])) for name in names]

    groups = [
        Group(
            _("Move and select"),
            [
                Row([["←"], ["→"]], _("previous, next word")),
                Row([["↑"], ["↓"]], _("line above, below")),
                Row([[","], ["."], [ctrl, "←"], [ctrl, "→"]], _("previous, next sentence")),
                Row([["["], ["]"], [ctrl, "↑"], [ctrl, "↓"]], _("previous, next paragraph")),
                Row([[pgettext("key", "Home")], [pgettext("key", "End")]], _("first, last word of the paragraph")),
                Row([[shift, "…"]], _("with any of these: select")),
                *own("sentence"),
                Row([[alt, "←"], [alt, "→"]], _("move the end by one character")),
                Row([[alt, shift, "←"], [alt, shift, "→"]], _("move the start by one character")),
            ],
        ),
        Group(
            _("Label"),
            [
                *_label_rows(settings["labels"]),
                Row([[_("Space")]], _("label with the chosen label")),
                *own("alike", "add_part", "remove_part", "continue"),
            ],
        ),
        Group(
            _("Say more of the current span"),
            [*_link_rows(settings["links"]), *own("attributes", "entity", "note", "unsure", "ask")],
        ),
        Group(
            _("Go on"),
            [
                *own("next", "previous", "cycle"),
                Row([[_("Del")], ["⌫"]], _("delete the current span")),
                Row([[ctrl, "Z"]], _("undo, also after a reload")),
                Row([[ctrl, shift, "Z"], [ctrl, "Y"]], _("redo")),
                Row([["Esc"]], _("close the choices, let go of span and selection")),
                Row([[ctrl, "↵"]], _("submit, and the next article")),
                *own("guideline"),
                Row([["?"]], _("this table")),
                Row([["F2"]], _("keyboard mode for screen readers")),
            ],
        ),
    ]
    if suggestions:
        groups.insert(3, Group(_("Suggestions"), own("accept", "reject", "accept_all")))
    return groups


def _label_rows(labels: Sequence[Mapping[str, Any]]) -> list[Row]:
    rows = []
    for place, label in enumerate(labels, start=1):
        keys = [[key] for key in (label["shortcut"], str(place) if place < 10 else "") if key]
        if keys:
            rows.append(Row(keys, _("label as %(name)s") % {"name": label["name"]}))
    return rows


def _link_rows(links: Sequence[Mapping[str, Any]]) -> list[Row]:
    rows = [
        Row([[link["shortcut"], "1–9"]], _("link: %(name)s; 0 shows more") % {"name": link["name"]})
        for link in links
        if link["shortcut"]
    ]
    if links:
        again = [["m", "m"]] if any(link["shortcut"] == "m" for link in links) else [["m"]]
        rows.append(Row(again, _("the other kinds of links")))
    return rows
