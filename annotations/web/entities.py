"""Pages of entities: the list, one with its mentions, merging and taking apart."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from annotations import policies
from annotations.domain.errors import FieldError, InvalidData
from annotations.domain.offsets import check_characters
from annotations.models import SetKind
from annotations.selectors.entities import entities_listed, entity_of, mentions_of
from annotations.selectors.spans import with_quotes
from annotations.services.disagreements import record_openings
from annotations.services.entities import create_entity, describe_entity, merge_entities, unmerge_entity
from annotations.web.forms.statements import EntitiesFilter, EntityForm, NewEntityForm
from annotations.web.http import person, project_page
from annotations.web.pages import page_of


@login_required
@require_safe
@vary_on_headers("HX-Request")
def entity_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The entities one may know of; HTMX gets the table alone while the filters change."""
    member = policies.check_member(user=person(request), slug=slug)
    filters = EntitiesFilter(request.GET, project=member.project)
    values: dict[str, Any] = filters.cleaned_data if filters.is_valid() else {}
    context = {
        "page": page_of(request, entities_listed(member, **values), ("name", "pk")),
        "filters": filters,
        "filtered": any(values.values()),
        "edits": policies.can_review(member),
        "project": member.project,
    }
    if request.headers.get("HX-Request"):
        return render(request, "entities.html#found", context)
    return project_page(request, "entities.html", member=member, section="entities", context=context)


@login_required
@require_http_methods(["GET", "POST"])
def new_entity(request: HttpRequest, slug: str) -> HttpResponse:
    """Make an entity by hand."""
    member = policies.check_member(user=person(request), slug=slug)
    policies.check_can_review(member)
    form = NewEntityForm(request.POST or None, project=member.project)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_entity(member=member, **form.cleaned_data)
        except InvalidData as error:
            form.refuse(error)
        else:
            return redirect("entity", slug, made.pk)
    return project_page(request, "entity_new.html", member=member, section="entities", context={"form": form})


@login_required
@require_http_methods(["GET", "POST"])
def entity(request: HttpRequest, slug: str, entity_id: UUID) -> HttpResponse:
    """What an entity is known by, what was merged into it, and its mentions."""
    member = policies.check_member(user=person(request), slug=slug)
    if request.method == "POST":
        policies.check_can_review(member)
    found = entity_of(member, entity_id)
    form = EntityForm(request.POST or None, initial=EntityForm.values_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            describe_entity(member=member, entity_id=entity_id, **form.cleaned_data)
        except InvalidData as error:
            form.refuse(error)
        else:
            messages.success(request, _("The entity is saved."))
            return redirect("entity", slug, entity_id)
    page = page_of(request, mentions_of(member, found), ("pk",))
    others = {
        each.annotation_set.article_id
        for each in page.rows
        if each.annotation_set.kind == SetKind.ANNOTATOR and each.annotation_set.annotator_id != member.user_id
    }
    if others:
        record_openings(member=member, article_ids=sorted(others))
    context = {
        "entity": found,
        "form": form,
        "page": page,
        "mentions": with_quotes(page.rows),
        "edits": policies.can_review(member),
    }
    return project_page(request, "entity.html", member=member, section="entities", context=context)


@login_required
@require_POST
def merge(request: HttpRequest, slug: str, entity_id: UUID) -> HttpResponse:
    """Read this entity as the one of the name that was given."""
    member = policies.check_member(user=person(request), slug=slug)
    policies.check_can_review(member)
    merged = entity_of(member, entity_id)
    name = request.POST.get("into", "").strip()
    check_characters(name, "into")
    kept = entities_listed(member, label=merged.label.key).filter(name=name).first()
    if kept is None:
        detail = _("There is no entity “%(name)s” with this label.") % {"name": name[:100]}
        raise InvalidData(detail, [FieldError("into", detail)])
    merge_entities(member=member, entity_id=entity_id, into=kept.pk)
    messages.success(request, _("“%(merged)s” is read as “%(kept)s” from now on.") % {"merged": merged, "kept": kept})
    return redirect("entity", slug, kept.pk)


@login_required
@require_POST
def unmerge(request: HttpRequest, slug: str, entity_id: UUID) -> HttpResponse:
    """Let it stand for itself again."""
    member = policies.check_member(user=person(request), slug=slug)
    found = unmerge_entity(member=member, entity_id=entity_id)
    messages.success(request, _("“%(name)s” stands for itself again.") % {"name": found})
    return redirect("entity", slug, entity_id)
