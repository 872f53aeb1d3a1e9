"""Join a JavaScript module and what it imports into one file: a page then loads it with one request, not a dozen.

Our modules keep to a few forms, which are all that is understood here: `import { a, b as c } from "./x.js";`,
`import * as x from "../y/x.js";` and `export` before a function, a class or a `const`. Anything else is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from posixpath import dirname, join, normpath
from typing import Final

_IMPORT: Final = re.compile(
    r'^import\s+(?:\*\s+as\s+(\w+)|\{([^}]*)\})\s+from\s+"(\.\.?/[\w./-]+\.js)";\n', re.MULTILINE
)
_EXPORT: Final = re.compile(r"^export\s+((?:async\s+)?(?:function\*?|class|const)\s+(\w+))", re.MULTILINE)
_OTHER: Final = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


class UnknownForm(ValueError):
    """An import or export in a form that is not understood."""


def joined(entry: str, read: Callable[[str], str]) -> tuple[str, frozenset[str]]:
    """The module `entry` with its imports before it, each once, and the names of all that went into it.

    A name is the path of a module, `js/desk/desk.js`; `read` gives its source. The entry runs as a module itself: it
    may wait at its top level.
    """
    parts: list[str] = []
    done: set[str] = set()

    def add(name: str) -> None:
        done.add(name)
        source = read(name)
        for match in _IMPORT.finditer(source):
            imported = _path(name, match[3])
            if imported not in done:
                add(imported)
        body = _EXPORT.sub(r"\1", _IMPORT.sub(lambda match: _taken(match, name), source))
        if other := _OTHER.search(body):
            raise UnknownForm(f"{name}: {other[0]}")
        if name == entry:
            parts.append(body)
            return
        names = ", ".join(match[2] for match in _EXPORT.finditer(source))
        parts.append(f"const {_variable(name)} = (() => {{\n{body}\nreturn {{ {names} }};\n}})();\n")

    add(entry)
    return "\n".join(parts), frozenset(done)


def _taken(match: re.Match[str], name: str) -> str:
    """The import in the module `name` as a constant taken from the joined module."""
    module = _variable(_path(name, match[3]))
    if match[1]:
        return f"const {match[1]} = {module};\n"
    names = " ".join(match[2].split()).replace(" as ", ": ")
    return f"const {{ {names} }} = {module};\n"


def _path(name: str, imported: str) -> str:
    return normpath(join(dirname(name), imported))


def _variable(name: str) -> str:
    return "module_" + re.sub(r"\W", "_", name.removesuffix(".js"))
