"""Static files under names that hold a hash of their content, compressed once, cached for ever."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, Final

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

from newsapp.modules import joined

JOINED: Final = ("js/desk/desk.js",)
"""Modules that are served as one file with all they import; everywhere else modules load one another."""


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """WhiteNoise's storage (gzip and brotli), which also joins and rewrites the imports of our JavaScript modules.

    An import is rewritten when its path starts with `./` or `../` and ends in `.js`.
    """

    support_js_module_import_aggregation = True

    def post_process(self, paths: dict[str, Any], *args: Any, **options: Any) -> Iterator[Any]:
        """Join the modules that are to be one file, then hash and compress everything."""
        if not options.get("dry_run"):
            for name in JOINED:
                if name in paths:
                    self._join(name)
                    paths[name] = (self, name)
        yield from super().post_process(paths, *args, **options)

    def _join(self, name: str) -> None:
        folder = PurePosixPath(name).parent

        def read(module: str) -> str:
            with self.open(str(folder / f"{module}.js")) as file:
                return str(file.read().decode())

        whole = joined(PurePosixPath(name).stem, read)
        self.delete(name)
        self.save(name, ContentFile(whole.encode()))
