"""Static files under the hash of their content, with the imports of ES modules rewritten too."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # published without types
    """WhiteNoise's storage; controllers import one another, so their imports need the hashed names as well."""

    support_js_module_import_aggregation = True
