"""Articles as lists and pages show them: search and filters, the sets one may see, and the history of all changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Final
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db.models import CharField, Count, F, Func, QuerySet
from django.utils.translation import gettext as _
from django_stubs_ext import WithAnnotations

from annotations import policies
from annotations.domain.documents import quote_of
from annotations.models import (
    AnnotationSet,
    Article,
    Change,
    ChangeAction,
    Label,
    Membership,
    RelationLabel,
    SetKind,
    Span,
)
from annotations.models.articles import SEARCH_CONFIGURATIONS
from annotations.models.prepared import rows
from annotations.selectors.progress import WithState, with_state

_QUOTE_LENGTH: Final = 160


def articles_listed(
    member: Membership,
    *,
    search: str = "",
    state: str = "",
    outlet: str = "",
    published_after: date | None = None,
    published_before: date | None = None,
) -> QuerySet[WithAnnotations[Article, WithState]]:
    """The articles the member may open, with `work_state`; the text stays in the database until asked for."""
    articles = policies.articles_open_to(member)
    if search:
        articles = _having(articles, search, project_id=member.project_id)
    if outlet:
        articles = articles.filter(outlet=outlet)
    if published_after:
        articles = articles.filter(published_on__gt=published_after)
    if published_before:
        articles = articles.filter(published_on__lt=published_before)
    found = with_state(articles.defer("text", "search", "metadata"), member)
    return found.filter(work_state=state) if state else found


class _ConfigurationOf(Func):
    """The configuration by which the search column of an article of this language is made."""

    template = (
        "CASE lower(split_part(%(expressions)s, '-', 1)) "
        + " ".join(f"WHEN '{code}' THEN '{name}'" for code, name in SEARCH_CONFIGURATIONS.items())
        + " ELSE 'simple' END"
    )
    output_field = CharField()


def _having(articles: QuerySet[Article], words: str, *, project_id: UUID) -> QuerySet[Article]:
    """Those that have the words, as the language of each bends them."""
    names = {_configuration_of(language) for language in _languages_of(project_id)} or {"simple"}
    # In most projects all languages bend the words alike: then the index alone knows the answer.
    forms = {form: SearchQuery(words, config=name, search_type="websearch") for name, form in _forms(words, names)}
    found = articles.filter(search=reduce(or_, forms.values()))
    if len(forms) == 1:
        return found
    # By any of them, which the index answers; then by the article's own, which is right with "-words", too.
    own = SearchQuery(words, config=_ConfigurationOf(F("language")), search_type="websearch")
    return found.filter(search=own)


def _configuration_of(language: str) -> str:
    return SEARCH_CONFIGURATIONS.get(language.split("-", maxsplit=1)[0].lower(), "simple")


# From each language to the next by the index: a project may have a million articles in two languages.
_LANGUAGES: Final = """
WITH RECURSIVE found (language) AS (
  SELECT min(language) FROM annotations_article WHERE project_id = %(project)s
  UNION ALL
  SELECT (SELECT min(a.language) FROM annotations_article a
           WHERE a.project_id = %(project)s AND a.language > found.language)
    FROM found WHERE found.language IS NOT NULL
)
SELECT language FROM found WHERE language IS NOT NULL
"""


def _languages_of(project_id: UUID) -> list[str]:
    return [language for (language,) in rows(_LANGUAGES, {"project": project_id})]


_FORMS: Final = """
SELECT name, websearch_to_tsquery(name::regconfig, %(words)s)::text FROM unnest(%(names)s::text[]) AS name
"""


def _forms(words: str, configurations: Collection[str]) -> list[tuple[str, str]]:
    """Each configuration with what it makes of the words."""
    return [(name, form) for name, form in rows(_FORMS, {"words": words, "names": sorted(configurations)})]


def sets_shown(member: Membership, article: Article) -> QuerySet[AnnotationSet]:
    """The annotation sets of the article that the member may see, with the number of spans and relations."""
    return (
        policies.sets_visible_to(member)
        .filter(article=article)
        .select_related("annotator", "guideline", "article__project")
        .annotate(spans_count=Count("spans", distinct=True), relations_count=Count("relations", distinct=True))
        .order_by("kind", "annotator__username", "source")
    )


def changes_shown(member: Membership, article: Article) -> QuerySet[Change]:
    """Every change to the sets of the article that the member may see, with author and set."""
    sets = policies.sets_visible_to(member).filter(article=article)
    return Change.objects.filter(annotation_set__in=sets).select_related("author", "annotation_set__annotator")


def shows_work_of_others(member: Membership, article: Article) -> bool:
    """Whether the member would see sets of other annotators."""
    others = policies.sets_visible_to(member).filter(article=article, kind=SetKind.ANNOTATOR)
    return others.exclude(annotator=member.user_id).exists()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One change as a person reads it: who, when, what; `label` is the span's, for its colour and letter."""

    at: datetime
    author: str
    annotation_set: AnnotationSet
    what: str
    label: Label | None
    quote: str
    details: Sequence[str]
    undoing: bool


def events(changes: Sequence[Change], article: Article) -> list[Event]:
    """The changes in words. Relations are told by the quotes of their ends, as these were last seen in the log."""
    labels = {label.key: label for label in article.project.labels.all()}
    relation_labels = {label.key: label for label in article.project.relation_labels.all()}
    ends = _quotes_of_ends(changes, article.text)
    return [_event(change, article.text, labels, relation_labels, ends) for change in changes]


def _event(
    change: Change,
    text: str,
    labels: Mapping[str, Label],
    relation_labels: Mapping[str, RelationLabel],
    ends: Mapping[tuple[UUID, str], str],
) -> Event:
    seen = change.after or change.before or {}
    label: Label | None = None
    quote, details = "", list[str]()
    if change.action in {ChangeAction.PUT_SPAN, ChangeAction.DELETE_SPAN}:
        label = labels.get(seen.get("label", ""))
        quote = _quote(text, seen.get("fragments", ()))
        details = list(_differences(change))
    elif change.action in {ChangeAction.PUT_RELATION, ChangeAction.DELETE_RELATION}:
        kind = relation_labels.get(seen.get("label", ""))
        names = [ends.get((change.annotation_set_id, str(seen.get(end)))) or "…" for end in ("source", "target")]
        quote = f"{names[0]} → {names[1]}"
        details = [kind.name if kind else seen.get("label", "")]
    else:
        counts = {"spans": len(seen.get("spans", ())), "relations": len(seen.get("relations", ()))}
        details = [_("%(spans)d spans, %(relations)d links") % counts]
    return Event(
        at=change.at,
        author=change.author.username,
        annotation_set=change.annotation_set,
        what=_what(change),
        label=label,
        quote=quote,
        details=details,
        undoing=change.undoes is not None,
    )


def _what(change: Change) -> str:
    if change.action == ChangeAction.PUT_SPAN:
        return _("labelled") if change.before is None else _("changed")
    if change.action == ChangeAction.PUT_RELATION:
        return _("linked") if change.before is None else _("changed the link")
    if change.action == ChangeAction.DELETE_SPAN:
        return _("deleted")
    return _("unlinked") if change.action == ChangeAction.DELETE_RELATION else _("imported")


def _differences(change: Change) -> Iterable[str]:
    """What a change to a span that was there made different."""
    before, after = change.before, change.after
    if before is None or after is None:
        return
    if before.get("label") != after.get("label"):
        yield _("label: %(before)s → %(after)s") % {"before": before.get("label"), "after": after.get("label")}
    if before.get("fragments") != after.get("fragments"):
        yield _("other boundaries")
    for key, name in (("entity", _("entity")), ("note", _("note"))):
        if (before.get(key) or "") != (after.get(key) or ""):
            yield f"{name}: {after.get(key) or '–'}"
    old, new = before.get("attributes") or {}, after.get("attributes") or {}
    for key in sorted(old.keys() | new.keys()):
        if old.get(key) != new.get(key):
            yield f"{key}: {new.get(key) or '–'}"


def _quote(text: str, fragments: Sequence[Sequence[int]]) -> str:
    quote = quote_of(text, [(start, end) for start, end in fragments])
    return quote if len(quote) <= _QUOTE_LENGTH else f"{quote[: _QUOTE_LENGTH - 1]}…"


def _quotes_of_ends(changes: Sequence[Change], text: str) -> dict[tuple[UUID, str], str]:
    """(set, span id) -> quote for the ends of the relations among the changes: as they are, or last were."""
    wanted = {
        (change.annotation_set_id, str(seen[end]))
        for change in changes
        if change.action in {ChangeAction.PUT_RELATION, ChangeAction.DELETE_RELATION}
        and (seen := change.after or change.before)
        for end in ("source", "target")
    }
    if not wanted:
        return {}
    ids = {span for _key, span in wanted}
    sets = {key for key, _span in wanted}
    gone = Change.objects.filter(annotation_set__in=sets, object__in=ids, action=ChangeAction.DELETE_SPAN)
    found = {
        (key, str(span)): before["fragments"]
        for key, span, before in gone.order_by("revision").values_list("annotation_set_id", "object", "before")
        if before
    }
    there = Span.objects.filter(annotation_set__in=sets, pk__in=ids).values_list("annotation_set_id", "pk", "fragments")
    found |= {(key, str(span)): fragments for key, span, fragments in there}
    return {end: _quote(text, fragments) for end, fragments in found.items()}
