"""The append-only log of changes: history, undo, sync between tabs and idempotent retries are all read from it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from annotations.models.annotation_sets import AnnotationSet


class ChangeAction(models.TextChoices):
    """What a change does to its object; `import_set` writes a whole set at once."""

    PUT_SPAN = "put_span", _("Span written")
    DELETE_SPAN = "delete_span", _("Span deleted")
    PUT_RELATION = "put_relation", _("Relation written")
    DELETE_RELATION = "delete_relation", _("Relation deleted")
    IMPORT_SET = "import_set", _("Set imported")


class Change(models.Model):
    """One atomic edit: the object before and after (None: it did not exist), by whom, when, in which batch.

    Spans are `{label, fragments, entity, attributes, note, origin, external_id}`, relations
    `{label, source, target, external_id}`; `import_set` has `{spans: {id: …}, relations: {id: …}}` after.
    """

    pk = models.CompositePrimaryKey("annotation_set_id", "revision")
    annotation_set = models.ForeignKey(AnnotationSet, on_delete=models.PROTECT, related_name="changes", db_index=False)
    revision = models.IntegerField()
    uuid = models.UUIDField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    action = models.CharField(max_length=15, choices=ChangeAction)
    object = models.UUIDField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    batch = models.UUIDField()
    undoes = models.UUIDField(null=True)

    class Meta:
        ordering = ["annotation_set", "revision"]
        constraints = [models.UniqueConstraint(name="change_id_once_per_set", fields=["annotation_set", "uuid"])]
        indexes = [
            # apply_changes: what last happened to an object
            models.Index(name="change_of_object", fields=["annotation_set", "object", "revision"]),
        ]
