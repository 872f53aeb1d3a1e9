"""An article is an immutable text with its news metadata."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from annotations.domain.identifiers import uuid7
from annotations.models.projects import Project

# Languages for which every PostgreSQL from 15 on has a configuration; all others are searched word by word.
SEARCH_CONFIGURATIONS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch",
    "nn": "norwegian", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
_CASES = " ".join(f"WHEN '{code}' THEN '{name}'::regconfig" for code, name in SEARCH_CONFIGURATIONS.items())
# A tsvector holds one MiB: 300,000 characters of one or two bytes fit, of longer ones only 100,000 surely do.
SEARCH_SQL = (
    f"to_tsvector(CASE lower(split_part(language, '-', 1)) {_CASES} ELSE 'simple'::regconfig END, "
    "left(title || ' ' || text, CASE WHEN octet_length(text) > 600000 THEN 100000 ELSE 300000 END))"
)


class Purpose(models.TextChoices):
    """What an article is for; those with known gold are no part of the dataset."""

    WORK = "work", _("Work")
    TRAINING = "training", _("Training, with known gold")
    CHECK = "check", _("Hidden check, with known gold")


class ArticleManager(models.Manager["Article"]):
    """Articles without the search index's column, which no page shows."""

    def get_queryset(self) -> models.QuerySet[Article]:
        """All articles; `search` is loaded only when asked for."""
        return super().get_queryset().defer("search")


class Article(models.Model):
    """A text that never changes (a trigger sees to it), at most 1,000,000 code points, with its metadata."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="articles", db_index=False)
    external_id = models.CharField(max_length=500)
    title = models.TextField(blank=True)
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64)
    characters = models.GeneratedField(
        expression=Length(F("text")), output_field=models.IntegerField(), db_persist=True
    )
    language = models.CharField(max_length=35, blank=True)
    outlet = models.TextField(blank=True)
    author = models.TextField(blank=True)
    section = models.TextField(blank=True)
    url = models.TextField(blank=True)
    # As given: a date, or a date and time, in ISO 8601; `published_on` is its day, for filters.
    published_at = models.CharField(max_length=40, blank=True)
    published_on = models.DateField(null=True, blank=True)
    license = models.TextField(blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    search = models.GeneratedField(
        expression=Func(template=SEARCH_SQL, output_field=SearchVectorField()),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    purpose = models.CharField(max_length=8, choices=Purpose, default=Purpose.WORK, db_default=Purpose.WORK)
    # How many of its annotators were called because the first ones disagreed.
    extra_slots = models.SmallIntegerField(default=0, db_default=0, editable=False)
    # Near copies (the same agency report in several outlets) share a cluster.
    cluster = models.UUIDField(null=True, editable=False)
    open_slots = models.SmallIntegerField(_("annotators it still needs"), default=0)
    priority = models.IntegerField(_("place in the queue, lower first"), default=0)
    superseded_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ArticleManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="article_external_id_once_per_project",
                fields=["project", "external_id"],
                condition=Q(superseded_by__isnull=True),
            ),
            models.CheckConstraint(name="article_has_external_id", condition=~Q(external_id="")),
            models.CheckConstraint(name="article_purpose_known", condition=Q(purpose__in=Purpose.values)),
            models.CheckConstraint(
                name="article_has_text_of_at_most_1000000", condition=Q(characters__gte=1, characters__lte=1_000_000)
            ),
        ]
        indexes = [
            # claim_next_article: the open articles of a project in queue order
            models.Index(name="article_queue", fields=["project", "priority", "id"], condition=Q(open_slots__gt=0)),
            # lists, page by page
            models.Index(name="article_in_project", fields=["project", "id"]),
            # search: which languages the project has
            models.Index(name="article_language", fields=["project", "language"]),
            # import: exact duplicates of a text
            models.Index(name="article_text", fields=["project", "text_sha256"]),
            # the queue: articles with known gold
            models.Index(name="article_known_gold", fields=["project", "purpose"], condition=~Q(purpose=Purpose.WORK)),
            # near copies of an article
            models.Index(name="article_cluster", fields=["cluster"], condition=Q(cluster__isnull=False)),
            # lists by date of publication
            models.Index(name="article_published", fields=["project", "published_on"]),
            # export: (project, external_id) in the C collation
            models.Index(
                F("project"),
                Func(F("external_id"), template='%(expressions)s COLLATE "C"'),
                name="article_export_order",
            ),
            GinIndex(name="article_search", fields=["search"]),
        ]

    def __str__(self) -> str:
        return self.title or self.external_id


class TextSketch(models.Model):
    """By what near copies of a text are found (`domain.near_duplicates`); copies of another article have no bands."""

    article = models.OneToOneField(Article, primary_key=True, on_delete=models.CASCADE, related_name="sketch")
    signature = ArrayField(models.IntegerField())
    bands = ArrayField(models.BigIntegerField())

    class Meta:
        indexes = [
            # import: articles that share a band with a new one; what waited to be written would be read by each look-up
            GinIndex(name="sketch_bands", fields=["bands"], fastupdate=False),
        ]
