"""Pages of webhooks: which other programs are told what happens in a project, and whether that arrived."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotations import policies
from annotations.domain.errors import InvalidData, StateRefused
from annotations.models import Membership, Webhook
from annotations.selectors.webhooks import webhooks_of
from annotations.services import webhooks
from annotations.web.forms.webhooks import EVENT_NAMES, WebhookForm
from annotations.web.http import person, project_page
from annotations.web.pages import page_of


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def webhook_list(request: HttpRequest, slug: str) -> HttpResponse:
    """All of them and a form for another; the answer to the form is the only place where its secret is shown."""
    member = policies.check_member(user=person(request), slug=slug)
    policies.check_can_manage(member)
    form = WebhookForm(request.POST or None)
    if request.method != "POST":
        return _page(request, member, form)
    if not form.is_valid():
        return _page(request, member, form, status=HTTPStatus.BAD_REQUEST)
    try:
        made = webhooks.create_webhook(member=member, **form.cleaned_data)
    except InvalidData as error:
        form.refuse(error)
        return _page(request, member, form, status=HTTPStatus.BAD_REQUEST)
    except StateRefused as error:
        form.add_error(None, error.detail)
        return _page(request, member, form, status=HTTPStatus.CONFLICT)
    return _page(request, member, WebhookForm(), made=made)


@login_required
@require_safe
def webhook(request: HttpRequest, slug: str, webhook_id: UUID) -> HttpResponse:
    """What one was sent, newest first, and what became of it."""
    member = policies.check_member(user=person(request), slug=slug)
    found = webhooks.webhook_of(member, webhook_id)
    page = page_of(request, found.deliveries.all(), ("id",), descending=True)
    context = {
        "webhook": found,
        "events": [EVENT_NAMES[event] for event in found.events],
        "deliveries": [(delivery, EVENT_NAMES.get(delivery.event, _("Ping"))) for delivery in page.rows],
        "page": page,
        "is_on": settings.WEBHOOKS,
    }
    return project_page(request, "webhook.html", member=member, section="project-settings", context=context)


@login_required
@require_POST
def ping(request: HttpRequest, slug: str, webhook_id: UUID) -> HttpResponse:
    """Send something that tells nothing, to see whether it arrives."""
    webhooks.send_ping(member=policies.check_member(user=person(request), slug=slug), webhook_id=webhook_id)
    messages.success(request, _("A ping is on its way; what became of it stands here in a moment."))
    return redirect("webhook", slug, webhook_id)


@login_required
@require_POST
def remove(request: HttpRequest, slug: str, webhook_id: UUID) -> HttpResponse:
    """Tell it nothing any more."""
    webhooks.delete_webhook(member=policies.check_member(user=person(request), slug=slug), webhook_id=webhook_id)
    messages.success(request, _("The webhook is removed; nothing is sent to it any more."))
    return redirect("webhooks", slug)


def _page(
    request: HttpRequest, member: Membership, form: WebhookForm, *, made: Webhook | None = None, status: int = 200
) -> HttpResponse:
    rows = [(each, [EVENT_NAMES[event] for event in each.events], last) for each, last in webhooks_of(member)]
    context = {"form": form, "made": made, "rows": rows, "is_on": settings.WEBHOOKS}
    return project_page(
        request, "webhooks.html", member=member, section="project-settings", context=context, status=status
    )
