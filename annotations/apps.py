"""The Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnnotationsConfig(AppConfig):
    """Articles, annotation sets and everything people make of them."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "annotations"
    verbose_name = _("Annotations")

    def ready(self) -> None:
        """Register the checks and what is noted of everybody who signs in; give the core its translator."""
        from django.contrib.auth.signals import user_logged_in
        from django.utils.translation import gettext

        from annotations import checks  # noqa: F401 - registers itself
        from annotations.domain.wording import translate_with
        from annotations.services.sessions import note_sign_in

        user_logged_in.connect(note_sign_in, dispatch_uid="annotations.note_sign_in")
        translate_with(gettext)
