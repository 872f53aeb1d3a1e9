"""Static files under names that hold a hash of their content, compressed once, cached for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """WhiteNoise's storage (gzip and brotli), which also rewrites the imports of our JavaScript modules.

    An import is rewritten when its path starts with `./` or `../` and ends in `.js`.
    """

    support_js_module_import_aggregation = True
