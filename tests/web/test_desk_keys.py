"""The help of the desk names every key there is."""

from __future__ import annotations

import re
from pathlib import Path

from annotations.domain.preferences import KEYS
from annotations.web.desk_keys import NAMES, help_groups

SOURCE = (Path(__file__).parents[2] / "static/js/desk/keys.js").read_text("utf-8")
SETTINGS = {
    "labels": [{"name": "Actor", "shortcut": "a"}, {"name": "Claim", "shortcut": ""}],
    "links": [{"name": "Made by", "shortcut": "m"}, {"name": "Quotes", "shortcut": ""}],
}
SIGNS = {
    "ArrowRight": "→", "ArrowLeft": "←", "ArrowUp": "↑", "ArrowDown": "↓", "Mod": "Ctrl", "Delete": "Del",
    "Backspace": "⌫", "Enter": "↵", "Escape": "Esc", "Space": "Space",
}  # fmt: skip


def chords() -> set[tuple[str, ...]]:
    """All keys of the help of a project without a relation on `m`, each as what is pressed together."""
    settings = {**SETTINGS, "links": [{"name": "Located in", "shortcut": "k"}]}
    groups = help_groups(settings, KEYS, suggestions=True)
    return {tuple(keys) for group in groups for row in group.rows for keys in row.keys}


def test_every_key_of_the_table_is_in_the_help() -> None:
    table = SOURCE[SOURCE.index("bindings = {") : SOURCE.index("};")]
    names = [name.replace(" ", "Space") for name in re.findall(r'"([^"]+)": \[', table)]
    missing = []
    for name in names:
        parts = [part.lower() for part in (SIGNS.get(part, part) for part in name.split("+"))]
        alone = name.replace("Shift+", "⇧ ").lower()
        found = [tuple(part.lower() for part in keys) for keys in chords()]
        if tuple(parts) not in found and (alone,) not in found:
            missing.append(name)
    assert len(names) > 30
    assert missing == []


def test_labels_and_links_have_their_keys_digits_and_names() -> None:
    rows = {
        row.does: [list(keys) for keys in row.keys]
        for group in help_groups(SETTINGS, KEYS, suggestions=False)
        for row in group.rows
    }
    assert rows["label as Actor"] == [["a"], ["1"]]
    assert rows["label as Claim"] == [["2"]]
    assert rows["link: Made by; 0 shows more"] == [["m", "1–9"]]
    assert rows["the other kinds of links"] == [["m", "m"]]
    assert not any("suggestion" in does for does in rows)


def test_every_command_whose_key_can_be_changed_has_a_name_and_its_key_in_the_table() -> None:
    assert NAMES.keys() == KEYS.keys()
    assert [name for name, key in KEYS.items() if f'"{key}": [' not in SOURCE] == []


def test_own_keys_stand_in_the_help() -> None:
    groups = help_groups(SETTINGS, {**KEYS, "alike": "Shift+R"}, suggestions=False)
    assert [row.keys for group in groups for row in group.rows if row.does == NAMES["alike"]] == [[["⇧ R"]]]
