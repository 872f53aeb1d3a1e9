"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnnotationsConfig(AppConfig):
    """Articles, annotation sets and everything people make of them."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "annotations"
    verbose_name = _("Annotations")

    def ready(self) -> None:
        """Register the checks."""
        from annotations import checks  # noqa: F401 - registers itself
