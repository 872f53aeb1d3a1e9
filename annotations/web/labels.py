"""Pages of labels: the list, a label with its attributes, the relation labels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotations import policies
from annotations.domain.errors import InvalidData
from annotations.models import Membership
from annotations.selectors.projects import label_of, labels_of, relation_label_of, relation_labels_of
from annotations.services import labels
from annotations.web.forms import (
    AttributeForm,
    LabelForm,
    NewLabelForm,
    NewRelationLabelForm,
    PageForm,
    RelationLabelForm,
)
from annotations.web.http import person, project_page


@login_required
@require_safe
def label_list(request: HttpRequest, slug: str) -> HttpResponse:
    """All labels and relation labels; managers can change them."""
    member = policies.check_member(user=person(request), slug=slug)
    context = {
        "labels": labels_of(member.project),
        "relation_labels": relation_labels_of(member.project),
        "manages": policies.can_manage(member),
    }
    return project_page(request, "labels.html", member=member, section="labels", context=context)


@login_required
@require_http_methods(["GET", "POST"])
def new_label(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a label."""
    member = _manager(request, slug)
    form = NewLabelForm(request.POST or None, initial=labels.free_signs(member.project))
    if _done(form, lambda values: labels.create_label(member=member, **values)):
        return redirect("labels", slug)
    return project_page(request, "label.html", member=member, section="labels", context={"form": form})


@login_required
@require_http_methods(["GET", "POST"])
def label(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Change a label, and see its attributes."""
    member = _manager(request, slug)
    found = label_of(member.project, key)
    form = LabelForm(request.POST or None, initial=LabelForm.values_of(found))
    if _done(form, lambda values: labels.change_label(member=member, key=key, **values)):
        messages.success(request, _("The label is saved."))
        return redirect("labels", slug)
    return project_page(request, "label.html", member=member, section="labels", context={"form": form, "label": found})


@login_required
@require_POST
def archive_label(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Archive a label, or offer it again."""
    member = _manager(request, slug)
    labels.change_label(member=member, key=key, archived=request.POST.get("archived") == "yes")
    return redirect("labels", slug)


@login_required
@require_http_methods(["GET", "POST"])
def attribute(request: HttpRequest, slug: str, key: str, attribute: str = "") -> HttpResponse:
    """Add an attribute to a label, or change one."""
    member = _manager(request, slug)
    owner = label_of(member.project, key)
    found = owner.attributes.filter(key=attribute).first()
    initial = {"name": found.name, "key": found.key, "choices": "\n".join(found.choices)} if found else None
    form = AttributeForm(request.POST or None, initial=initial)
    if found:
        del form.fields["key"]
    fixed = {"key": found.key} if found else {}
    if _done(form, lambda values: labels.put_attribute(member=member, label=key, **(values | fixed))):
        return redirect("label", slug, key)
    context = {"form": form, "label": owner, "attribute": found}
    return project_page(request, "attribute.html", member=member, section="labels", context=context)


@login_required
@require_POST
def remove_attribute(request: HttpRequest, slug: str, key: str, attribute: str) -> HttpResponse:
    """Take away an attribute that no span has."""
    labels.remove_attribute(member=_manager(request, slug), label=key, key=attribute)
    return redirect("label", slug, key)


@login_required
@require_http_methods(["GET", "POST"])
def new_relation_label(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a kind of link."""
    member = _manager(request, slug)
    form = NewRelationLabelForm(request.POST or None, project=member.project)
    if _done(form, lambda values: labels.create_relation_label(member=member, **values)):
        return redirect("labels", slug)
    return project_page(request, "relation_label.html", member=member, section="labels", context={"form": form})


@login_required
@require_http_methods(["GET", "POST"])
def relation_label(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Change a kind of link."""
    member = _manager(request, slug)
    found = relation_label_of(member.project, key)
    form = RelationLabelForm(request.POST or None, initial=RelationLabelForm.values_of(found))
    if _done(form, lambda values: labels.change_relation_label(member=member, key=key, **values)):
        return redirect("labels", slug)
    context = {"form": form, "relation_label": found}
    return project_page(request, "relation_label.html", member=member, section="labels", context=context)


@login_required
@require_POST
def archive_relation_label(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Archive a kind of link, or offer it again."""
    member = _manager(request, slug)
    labels.change_relation_label(member=member, key=key, archived=request.POST.get("archived") == "yes")
    return redirect("labels", slug)


def _manager(request: HttpRequest, slug: str) -> Membership:
    member = policies.check_member(user=person(request), slug=slug)
    policies.check_can_manage(member)
    return member


def _done(form: PageForm, save: Callable[[dict[str, Any]], object]) -> bool:
    """Whether the form was sent and saved; what the service refuses is shown in it."""
    if not form.is_bound or not form.is_valid():
        return False
    try:
        save(form.cleaned_data)
    except InvalidData as error:
        form.refuse(error)
        return False
    return True
