"""Joining JavaScript modules into one file."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsapp.modules import UnknownForm, joined

SOURCES = {
    "a": 'import * as b from "./b.js";\nimport {\n  two,\n  three as drei,\n} from "./c.js";\nawait b.one(two, drei);\n',
    "b": 'import { two } from "./c.js";\n\nexport const one = () => two;\n',
    "c": "export function two() {}\nexport const three = 3;\nconst hidden = 1;\n",
}


def test_each_module_comes_once_before_those_that_import_it() -> None:
    assert joined("a", SOURCES.__getitem__) == (
        "const module_c = (() => {\nfunction two() {}\nconst three = 3;\nconst hidden = 1;\n"
        "\nreturn { two, three };\n})();\n\n"
        "const module_b = (() => {\nconst { two } = module_c;\n\nconst one = () => two;\n\nreturn { one };\n})();\n\n"
        "const b = module_b;\nconst { two, three: drei, } = module_c;\nawait b.one(two, drei);\n"
    )


@pytest.mark.parametrize("line", ["export default 1;", "export let a = 1;", 'import x from "./c.js";', "export { a };"])
def test_a_form_that_is_not_understood_is_refused(line: str) -> None:
    with pytest.raises(UnknownForm, match=r"a\.js: (import|export)"):
        joined("a", {"a": f"{line}\n", "c": ""}.__getitem__)


def test_the_desk_is_joined_from_all_its_modules() -> None:
    folder = Path("static/js/desk")
    whole = joined("desk", lambda name: (folder / f"{name}.js").read_text())
    parts = [path.stem for path in folder.glob("*.js") if path.stem != "desk"]
    assert {f"const module_{part} = (() => {{" in whole for part in parts} == {True}
    assert "import " not in [line[:7] for line in whole.splitlines()]
