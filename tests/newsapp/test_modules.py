"""Joining JavaScript modules into one file."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import override_settings

from newsapp.modules import UnknownForm, joined
from newsapp.storage import JOINED

SOURCES = {
    "js/a.js": 'import * as b from "./x/b.js";\nimport {\n  two,\n  three as drei,\n} from "./c.js";\nawait b.one(two);\n',
    "js/x/b.js": 'import { two } from "../c.js";\n\nexport const one = () => two;\n',
    "js/c.js": "export function two() {}\nexport const three = 3;\nconst hidden = 1;\n",
}


def test_each_module_comes_once_before_those_that_import_it() -> None:
    whole, parts = joined("js/a.js", SOURCES.__getitem__)
    assert whole == (
        "const module_js_c = (() => {\nfunction two() {}\nconst three = 3;\nconst hidden = 1;\n"
        "\nreturn { two, three };\n})();\n\n"
        "const module_js_x_b = (() => {\nconst { two } = module_js_c;\n\nconst one = () => two;\n\nreturn { one };\n})();\n\n"
        "const b = module_js_x_b;\nconst { two, three: drei, } = module_js_c;\nawait b.one(two);\n"
    )
    assert parts == set(SOURCES)


@pytest.mark.parametrize("line", ["export default 1;", "export let a = 1;", 'import x from "./c.js";', "export { a };"])
def test_a_form_that_is_not_understood_is_refused(line: str) -> None:
    with pytest.raises(UnknownForm, match=r"a\.js: (import|export)"):
        joined("a.js", {"a.js": f"{line}\n", "c.js": ""}.__getitem__)


def test_the_desk_is_joined_from_all_its_modules() -> None:
    whole, parts = joined("js/desk/desk.js", lambda name: Path("static", name).read_text())
    assert parts == {f"js/desk/{path.name}" for path in Path("static/js/desk").glob("*.js")}
    assert [line for line in whole.splitlines() if line.startswith(("import ", "export "))] == []


def test_static_files_are_gathered_with_pages_scripts_as_one_file_each(tmp_path: Path) -> None:
    storages = {"staticfiles": {"BACKEND": "newsapp.storage.HashedStaticFilesStorage"}}
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=storages, WHITENOISE_USE_FINDERS=False):
        for _time in ("first", "again"):
            call_command(
                "collectstatic",
                interactive=False,
                verbosity=0,
                ignore_patterns=["rest_framework", "admin", "mfa", "account"],
            )
        for name in JOINED:
            hashed = tmp_path / staticfiles_storage.url(name).removeprefix("/static/")
            assert hashed.name != Path(name).name
            assert "import " not in [line[:7] for line in hashed.read_text().splitlines()]
            assert hashed.with_name(f"{hashed.name}.br").exists()
