"""The desk: the page on which an article is labelled."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from annotations import policies
from annotations.domain.errors import InvalidData
from annotations.domain.preferences import filled, moved
from annotations.models import AnnotationSet, CommentKind, SetState
from annotations.selectors import desk as selector
from annotations.selectors.guidelines import guideline_news, guideline_view
from annotations.selectors.suggestions import has_suggestions
from annotations.services.disagreements import record_openings
from annotations.web.comments import thread_context
from annotations.web.desk_keys import help_groups, shown
from annotations.web.forms import LookForm
from annotations.web.http import person

_MOST: Final = 1_000_000


@login_required
@require_safe
@vary_on_headers("HX-Request")
def desk(request: HttpRequest, set_id: UUID) -> HttpResponse:
    """The article with the spans of one annotation set; for HTMX its text and list anew, or more of the list."""
    member, annotation_set = policies.check_member_by_set(user=person(request), set_id=set_id)
    first, only = _number(request, "from", 0), request.GET.get("label", "")
    asked = request.headers.get("HX-Request")
    if asked and "from" in request.GET:
        count = min(_number(request, "count", selector.PAGE), 2 * selector.PAGE)
        context = selector.page_context(annotation_set=annotation_set, first=first, only=only, count=count)
        return render(request, "desk.html#more", context)
    if annotation_set.annotator_id != member.user_id:
        record_openings(member=member, article_ids=[annotation_set.article_id])
    editable = policies.can_edit_set(member, annotation_set)
    context = selector.desk_context(annotation_set=annotation_set, editable=editable, first=first, only=only)
    if asked:
        return render(request, "desk.html#anew", context)
    get_token(request)
    preferences = filled(person(request).preferences)
    suggests = annotation_set.annotator_id == member.user_id and has_suggestions(annotation_set)
    context |= {
        "member": member,
        "look": LookForm(initial=preferences),
        "own_keys": {name: shown(key) for name, key in preferences["keys"].items()},
        "help": help_groups(context["settings"], preferences["keys"], suggestions=suggests),
        "guideline": guideline_view(annotation_set.article.project, member=member),
        "news": guideline_news(member),
        "may_reopen": _may_reopen(member.user_id, annotation_set),
        "is_own": annotation_set.annotator_id == member.user_id,
        "returned": _return_reason(annotation_set),
        "suggests": suggests,
        **thread_context(member, annotation_set),
        "settings": context["settings"] | _settings(request, annotation_set, editable=editable),
    }
    return render(request, "desk.html", context)


def _number(request: HttpRequest, name: str, default: int) -> int:
    try:
        return min(max(0, int(request.GET.get(name, default))), _MOST)
    except ValueError:
        raise InvalidData(_("`{name}` is a number of items of the list.").format(name=name)) from None


def _may_reopen(user_id: int, annotation_set: AnnotationSet) -> bool:
    return annotation_set.annotator_id == user_id and annotation_set.state == SetState.SUBMITTED


def _return_reason(annotation_set: AnnotationSet) -> str:
    """What the reviewer wrote when the work came back."""
    if annotation_set.state != SetState.RETURNED:
        return ""
    last = annotation_set.comments.filter(kind=CommentKind.RETURN).order_by("-at").first()
    return last.text if last else ""


def _settings(request: HttpRequest, annotation_set: AnnotationSet, *, editable: bool) -> dict[str, object]:
    """What the scripts of the page know from the start."""
    project = annotation_set.article.project
    preferences = filled(person(request).preferences)
    return {
        "user": person(request).pk,
        "username": person(request).username,
        "own": annotation_set.annotator_id == person(request).pk,
        "set": str(annotation_set.pk),
        "revision": annotation_set.revision,
        "project": project.slug,
        "editable": editable,
        "reading": project.reading_evidence,
        "projectUrl": reverse("project", args=[project.slug]),
        "preferences": preferences,
        "keys": moved(preferences["keys"]),
        "lookUrl": reverse("account-preferences"),
        "nextUrl": reverse("practice") if project.is_practice else reverse("next-article", args=[project.slug]),
        "words": words(),
    }


def words() -> dict[str, str]:
    """The sentences that the scripts of the desk say; the {holes} are filled there."""
    return {
        "saving": _("saving"),
        "oneWaits": _("1 waits in this browser"),
        "waits": _("{count} wait in this browser"),
        "notYetSaved": _("not yet saved"),
        "labelled": _("{label}: {quote}"),
        "spanSaid": _("{label}: {quote}"),
        "changed": _("Changed. {label}: {quote}"),
        "deleted": _("Deleted: {quote}"),
        "alreadyThere": _("There is a span with this label and these words already."),
        "lastPart": _("A span keeps one part at least; Delete takes it away as a whole."),
        "linked": _("{link}: {quote}"),
        "unlinked": _("{link}: taken away"),
        "labelledAlike": _("{count} more labelled"),
        "oneAlike": _("1 more of this here"),
        "alike": _("{count} more of this here"),
        "suggestionSaid": _("Suggestion: {span}"),
        "accepted": _("Accepted: {span}."),
        "acceptedAll": _("{count} accepted as {label}."),
        "rejected": _("Rejected: {span}."),
        "noSuggestion": _("There is no suggestion."),
        "acceptAll": _("Accept all {count}: {label}"),
        "undone": _("Undone"),
        "redone": _("Redone"),
        "nothingToUndo": _("Nothing to undo"),
        "nothingToRedo": _("Nothing to redo"),
        "noSpan": _("Choose a span first: n and p go to the next and the previous one."),
        "inOne": _(", in 1 span"),
        "inMany": _(", in {count} spans"),
        "addLink": _("Add: {link}"),
        "removeLink": _("Take away: {link} {quote}"),
        "fromOtherEnd": _("← {link}"),
        "moreChoices": _("{from} to {to} of {all}; more"),
        "noLinks": _("No relation begins or ends at spans of this label."),
        "parts": _("Parts"),
        "removePart": _("Take away the part: {quote}"),
        "goesOn": _("goes on: {quote}"),
        "noContinuation": _("Behind this no quotation goes on."),
        "lookNotKept": _("The choice could not be kept; it holds for this page."),
        "linkNeeds": _("“{link}” begins at a span with the label {label}."),
        "noCandidates": _("There is no span with the label {label} yet."),
        "noAttributes": _("This label has no attributes."),
        "notSure": _("not sure"),
        "oneQuestion": _("1 question"),
        "questions": _("{count} questions"),
        "newAnswer": _("new answer"),
        "markedUnsure": _("Not sure: {quote}"),
        "markedSure": _("Sure: {quote}"),
        "askAboutSpan": _("Ask about: {quote}"),
        "askAboutArticle": _("Ask about the article"),
        "asked": _("Sent to the reviewers"),
        "oneSection": _("1 section"),
        "sections": _("{count} sections"),
        "settleFirst": _("Some edits could not be saved; settle them first."),
        "flagged": _("Flagged for the reviewers"),
        "marksOn": _("The label is read out where a span begins."),
        "marksOff": _("The text is read out without marks."),
        "readerModeOn": _("Keyboard mode on; Escape leaves it."),
        "readerModeOff": _("Keyboard mode off"),
        "signInAgain": _("You are signed out. Sign in in a new tab; nothing is lost, what waits here is sent then."),
        "stopped": _("The server does not take edits of this article now ({status})."),
        "conflict": _("This was changed elsewhere in the meantime."),
        "takeTheirs": _("Take theirs"),
        "discard": _("Discard"),
    }
