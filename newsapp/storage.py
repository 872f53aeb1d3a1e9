"""Static files under names that hold a hash of their content, compressed once, cached for ever."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

from newsapp.modules import joined

JOINED: Final = ("js/desk/desk.js", "js/review/review.js")
"""Modules that pages load: each is served as one file with all it imports."""


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """WhiteNoise's storage (gzip and brotli), which also joins and rewrites the imports of our JavaScript modules.

    An import is rewritten when its path starts with `./` or `../` and ends in `.js`.
    """

    support_js_module_import_aggregation = True

    def post_process(self, paths: dict[str, Any], *args: Any, **options: Any) -> Iterator[Any]:
        """Join the modules that are to be one file, then hash and compress everything."""
        if not options.get("dry_run"):
            wholes = {name: joined(name, self._source) for name in JOINED if name in paths}
            for parts in [parts for _whole, parts in wholes.values()]:
                for part in parts:
                    paths.pop(part, None)
            for name, (whole, _parts) in wholes.items():
                self.delete(name)
                self.save(name, ContentFile(whole.encode()))
                paths[name] = (self, name)
        yield from super().post_process(paths, *args, **options)

    def _source(self, name: str) -> str:
        with self.open(name) as file:
            return str(file.read().decode())
