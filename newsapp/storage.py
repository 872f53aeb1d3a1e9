"""Static files under names that hold a hash of their content, compressed once, cached for ever."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

from newsapp.modules import joined

JOINED: Final = ("js/desk/desk.js", "js/review/review.js", "js/review/clashes.js")
"""Modules that pages load: each is served as one file with all it imports."""


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """WhiteNoise's storage (gzip and brotli), which also joins and rewrites the imports of our JavaScript modules.

    An import is rewritten when its path starts with `./` or `../` and ends in `.js`.
    """

    support_js_module_import_aggregation = True

    def post_process(self, paths: dict[str, Any], *args: Any, **options: Any) -> Iterator[Any]:
        """Join the modules that are to be one file, then hash and compress everything."""
        if not options.get("dry_run"):
            sources = dict(paths)  # what was gathered before may be a joined file already
            wholes = {name: joined(name, lambda part: _text(*sources[part])) for name in JOINED if name in sources}
            for part in set().union(*(parts for _whole, parts in wholes.values())):
                paths.pop(part)
            for name, (whole, _parts) in wholes.items():
                self.delete(name)
                self.save(name, ContentFile(whole.encode()))
                paths[name] = (self, name)
        yield from super().post_process(paths, *args, **options)


def _text(storage: Storage, path: str) -> str:
    with storage.open(path) as file:
        return str(file.read().decode())
