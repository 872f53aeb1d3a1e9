"""The shapes of docs/contract.md for the API's description; hot paths are read and written by hand."""

from __future__ import annotations

from rest_framework import serializers

from annotations.domain.changes import ACTIONS
from annotations.domain.suggesting import MOST_ENGINES
from annotations.models import SetKind, SetState


class FragmentsSerializer(serializers.ListField):
    """`[[start, end], …]` in code points, half open."""

    child = serializers.ListField(child=serializers.IntegerField(min_value=0), min_length=2, max_length=2)


class SpanBody(serializers.Serializer[None]):
    """What is written of a span."""

    annotation_set = serializers.UUIDField()
    label = serializers.CharField(max_length=40)
    fragments = FragmentsSerializer(min_length=1, max_length=100)
    quote = serializers.CharField(required=False, allow_null=True)
    entity = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=500)
    attributes = serializers.DictField(child=serializers.CharField(), required=False)
    note = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=10_000)


class SpanShape(serializers.Serializer[None]):
    """A span."""

    id = serializers.UUIDField()
    external_id = serializers.CharField(allow_null=True)
    label = serializers.CharField()
    fragments = FragmentsSerializer()
    quote = serializers.CharField()
    entity = serializers.CharField()
    attributes = serializers.DictField(child=serializers.CharField())
    note = serializers.CharField()
    origin = serializers.CharField()
    revision = serializers.IntegerField()


class RelationBody(serializers.Serializer[None]):
    """What is written of a relation."""

    annotation_set = serializers.UUIDField()
    label = serializers.CharField(max_length=40)
    source = serializers.UUIDField()
    target = serializers.UUIDField()


class RelationShape(serializers.Serializer[None]):
    """A relation."""

    id = serializers.UUIDField()
    external_id = serializers.CharField(allow_null=True)
    label = serializers.CharField()
    source = serializers.UUIDField()
    target = serializers.UUIDField()
    revision = serializers.IntegerField()


class ArticleShape(serializers.Serializer[None]):
    """An article: `id` is ours, `external_id` the user's."""

    id = serializers.UUIDField()
    external_id = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    url = serializers.CharField()
    outlet = serializers.CharField()
    author = serializers.CharField()
    section = serializers.CharField()
    published_at = serializers.CharField()
    language = serializers.CharField()
    license = serializers.CharField()
    metadata = serializers.DictField()


class AnnotationSetShape(serializers.Serializer[None]):
    """An annotation set with its article, spans and relations."""

    id = serializers.UUIDField()
    project = serializers.SlugField()
    kind = serializers.ChoiceField(choices=SetKind.choices)
    annotator = serializers.CharField(allow_null=True)
    source = serializers.CharField(allow_null=True)
    state = serializers.ChoiceField(choices=SetState.choices)
    revision = serializers.IntegerField()
    guideline = serializers.IntegerField(allow_null=True)
    spans = SpanShape(many=True)
    relations = RelationShape(many=True)
    article = ArticleShape()


class SuggestedBody(serializers.Serializer[None]):
    """The suggestion that a new span accepts, as `annotation-sets/{id}/suggestions/` gives it."""

    id = serializers.UUIDField()
    engine = serializers.CharField(max_length=200)
    version = serializers.CharField(max_length=200, required=False, allow_blank=True)
    engines = serializers.ListField(
        child=serializers.CharField(max_length=200), max_length=MOST_ENGINES, required=False
    )
    label = serializers.CharField(max_length=40)
    fragments = FragmentsSerializer(min_length=1, max_length=100)
    score = serializers.FloatField(min_value=0, max_value=1, required=False, allow_null=True)


class ChangeBody(serializers.Serializer[None]):
    """One change; `base` is the revision seen, null for a new object, or the id of an own earlier change to it."""

    id = serializers.UUIDField()
    action = serializers.ChoiceField(choices=ACTIONS)
    object = serializers.UUIDField()
    base = serializers.JSONField(required=False, allow_null=True)
    value = serializers.DictField(required=False)
    batch = serializers.UUIDField(required=False, allow_null=True)
    undoes = serializers.UUIDField(required=False, allow_null=True)
    origin = serializers.CharField(required=False, allow_blank=True)
    suggestion = SuggestedBody(required=False, allow_null=True)


class ChangesBody(serializers.Serializer[None]):
    """Changes in the order in which they were made."""

    changes = ChangeBody(many=True)


class ChangeResultShape(serializers.Serializer[None]):
    """What became of one change."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=["applied", "repeated", "conflict", "invalid", "blocked"])
    revision = serializers.IntegerField(allow_null=True)
    current = serializers.DictField(required=False, allow_null=True)
    errors = serializers.ListField(child=serializers.DictField(), required=False)
    also = serializers.ListField(child=serializers.DictField(), required=False)


class AppliedShape(serializers.Serializer[None]):
    """The set's revision, and each change's fate."""

    revision = serializers.IntegerField()
    results = ChangeResultShape(many=True)


class ChangeShape(serializers.Serializer[None]):
    """A line of the log."""

    id = serializers.UUIDField()
    revision = serializers.IntegerField()
    action = serializers.CharField()
    object = serializers.UUIDField()
    before = serializers.DictField(allow_null=True)
    after = serializers.DictField(allow_null=True)
    batch = serializers.UUIDField()
    undoes = serializers.UUIDField(allow_null=True)
    author = serializers.CharField()
    at = serializers.DateTimeField()


class LogShape(serializers.Serializer[None]):
    """The log from a revision on."""

    revision = serializers.IntegerField()
    changes = ChangeShape(many=True)


class ReasonBody(serializers.Serializer[None]):
    """Why."""

    reason = serializers.CharField(max_length=5_000, required=False, allow_blank=True)


class RequestIdBody(serializers.Serializer[None]):
    """An id made by the client: the same one twice is applied once."""

    id = serializers.UUIDField()
