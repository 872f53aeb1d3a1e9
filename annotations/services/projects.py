"""Making a project and changing its rules."""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from annotations import policies
from annotations.domain.errors import FieldError, InvalidData
from annotations.models import Label, LabelAttribute, LineStyle, Membership, Project, RelationLabel, Role, User
from annotations.services import audit

RULES: Final = ("pass_mark", "check_every", "adaptive_threshold", "repeat_after_weeks")
"""Training, hidden checks, adaptive overlap and second rounds: annotators are not told of them."""


@transaction.atomic
def create_project(
    *,
    actor: User,
    name: str,
    slug: str = "",
    description: str = "",
    annotators_per_article: int = 2,
    blind: bool = True,
    suggestions: bool | None = None,
) -> Project:
    """Make a project with the default labels; `actor` becomes its manager. Without a slug one is made of the name.

    Suggestions are on unless several people label each article blind: their agreement would be that of the engines.
    """
    policies.check_can_create_projects(actor)
    project = Project(
        name=name.strip(),
        slug=slug or _free_slug(name),
        description=description.strip(),
        annotators_per_article=annotators_per_article,
        blind=blind,
        suggestions=not (blind and annotators_per_article > 1) if suggestions is None else suggestions,
    )
    _save(project)
    Membership.objects.create(project=project, user=actor, role=Role.MANAGER)
    create_default_labels(project)
    audit.record("project.created", actor=actor, project=project, object=project.slug)
    return project


def change_project(
    *,
    member: Membership,
    name: str | None = None,
    description: str | None = None,
    annotators_per_article: int | None = None,
    blind: bool | None = None,
    suggestions: bool | None = None,
    reading_evidence: bool | None = None,
    **rules: float | None,
) -> Project:
    """Change what is given. Another number of annotators also changes how many each article still needs.

    `rules` are those of `RULES`; None switches one off.
    """
    policies.check_can_manage(member)
    if not rules.keys() <= set(RULES):
        raise TypeError(f"unknown rules: {sorted(rules.keys() - set(RULES))}")
    with transaction.atomic():
        project = Project.objects.select_for_update().get(pk=member.project_id)
        before = project.annotators_per_article
        were = _settings(project)
        project.name = project.name if name is None else name.strip()
        project.description = project.description if description is None else description.strip()
        project.blind = project.blind if blind is None else blind
        project.suggestions = project.suggestions if suggestions is None else suggestions
        project.reading_evidence = project.reading_evidence if reading_evidence is None else reading_evidence
        project.annotators_per_article = before if annotators_per_article is None else annotators_per_article
        for rule, value in rules.items():
            setattr(project, rule, value)
        _save(project)
        more = project.annotators_per_article - before
        if more:
            _move_open_slots(project, more)
        if changed := audit.differences(were, _settings(project)):
            audit.record("project.changed", actor=member.user, project=project, **changed)
    return project


def _settings(project: Project) -> dict[str, Any]:
    names = ("name", "description", "annotators_per_article", "blind", "suggestions", "reading_evidence", *RULES)
    return {name: getattr(project, name) for name in names}


@transaction.atomic
def archive_project(*, member: Membership, archived: bool) -> Project:
    """Put a project aside, or take it out again; nothing in it is lost."""
    policies.check_can_manage(member)
    project = member.project
    project.archived_at = timezone.now() if archived else None
    project.save(update_fields=["archived_at"])
    audit.record("project.archived" if archived else "project.restored", actor=member.user, project=project)
    return project


def _save(project: Project) -> None:
    refusal = _("The project was not saved.")
    try:
        project.full_clean(validate_unique=False, validate_constraints=False)
        with transaction.atomic():
            project.save()
    except ValidationError as error:
        problems = [FieldError(field, text) for field, texts in error.message_dict.items() for text in texts]
        raise InvalidData(refusal, problems) from None
    except IntegrityError:
        problem = FieldError("slug", _("Another project has this address; please choose another one."))
        raise InvalidData(refusal, [problem]) from None


def _move_open_slots(project: Project, more: int) -> None:
    """Every article that is not superseded needs so many more (or fewer) annotators; it may have one too many."""
    project.articles.filter(superseded_by=None).update(open_slots=F("open_slots") + more)


def _free_slug(name: str) -> str:
    start = slugify(name)[:50].strip("-") or "project"
    taken = set(Project.objects.filter(slug__startswith=start).values_list("slug", flat=True))
    slugs = [start, *(f"{start}-{number}" for number in range(2, len(taken) + 2))]
    return next(slug for slug in slugs if slug not in taken)


def create_default_labels(project: Project) -> None:
    """Actor, claim, location; a claim is made by actors and located in locations, and has a stance and a form."""
    actor, claim, location = (
        Label.objects.create(
            project=project, key=key, name=name, colour=number, shortcut=key[0], line_style=style, position=number
        )
        for number, (key, name, style) in enumerate(
            [
                ("actor", _("Actor"), LineStyle.SOLID),
                ("claim", _("Claim"), LineStyle.DASHED),
                ("location", _("Location"), LineStyle.DOTTED),
            ]
        )
    )
    LabelAttribute.objects.bulk_create(
        [
            LabelAttribute(
                label=claim, key="stance", name=_("Stance"), choices=["supports", "opposes", "neutral"], position=0
            ),
            LabelAttribute(label=claim, key="form", name=_("Form"), choices=["direct", "indirect"], position=1),
        ]
    )
    RelationLabel.objects.bulk_create(
        [
            RelationLabel(
                project=project, key="made_by", name=_("Made by"), source_label=claim, target_label=actor, shortcut="m"
            ),
            RelationLabel(
                project=project,
                key="located_in",
                name=_("Located in"),
                source_label=claim,
                target_label=location,
                shortcut="k",
                position=1,
            ),
        ]
    )
