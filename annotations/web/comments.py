"""Questions and answers: what is said about one annotation set, about an article under review, in a whole project."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from annotations import policies
from annotations.models import AnnotationSet, Comment, CommentKind, Membership
from annotations.selectors import comments as selector
from annotations.services import comments
from annotations.services.disagreements import record_opening_of, record_openings
from annotations.web.forms import PageForm
from annotations.web.http import back_to, person, project_page, uuid_in
from annotations.web.pages import page_of

_KINDS = [(kind.value, kind.label) for kind in comments.KINDS if kind != CommentKind.UNSURE]


class ThreadsForm(PageForm):
    """Which threads to list."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            (selector.OPEN, gettext_lazy("Open")),
            (selector.ANSWERED, gettext_lazy("Open, answered")),
            (selector.RESOLVED, gettext_lazy("Resolved")),
            ("all", gettext_lazy("All")),
        ],
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), required=False, choices=[("", gettext_lazy("All")), *CommentKind.choices]
    )
    annotator = forms.ChoiceField(label=gettext_lazy("Whose work"), required=False)
    search = forms.CharField(label=gettext_lazy("Words"), required=False, max_length=200, widget=forms.SearchInput)

    def __init__(self, *args: Any, annotators: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if annotators:
            choices = [("", _("All")), *((name, name) for name in annotators)]
            self.fields["annotator"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["annotator"]

    def values(self) -> dict[str, Any]:
        """The filters of `threads_listed`."""
        values = dict(self.cleaned_data) if self.is_valid() else {}
        state = values.get("state") or selector.OPEN
        return {**values, "state": "" if state == "all" else state}


def thread_context(member: Membership, annotation_set: AnnotationSet) -> dict[str, Any]:
    """What the desk shows of the threads of its set; that shows the member the answers in them."""
    if not policies.can_discuss(member, annotation_set):
        return {"talks": False}
    threads = selector.threads_of_set(member=member, annotation_set=annotation_set)
    has_answers = any(thread.unseen for thread in threads)
    if has_answers:
        comments.see_answers(member=member, annotation_set=annotation_set)
    return {
        "talks": True,
        "threads": threads,
        "has_answers": has_answers,
        "open_threads": sum(thread.is_open for thread in threads),
        "thread_kinds": _KINDS,
        "reviews": policies.can_review_article(member, annotation_set.article_id),
    }


@login_required
@require_safe
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    """The threads of the project: for reviewers all, for an annotator those on the person's own work."""
    member = policies.check_member(user=person(request), slug=slug)
    policies.check_can_annotate(member)
    reviews = policies.can_review(member)
    filters = ThreadsForm(request.GET, annotators=selector.annotators_asking(member) if reviews else [])
    values = filters.values()
    page = page_of(request, selector.threads_listed(member, **values), ("at", "pk"), descending=True)
    threads = selector.as_threads(member=member, firsts=page.rows)
    _remember_openings(member, threads)
    comments.see_answers(member=member)
    narrowed = any(value for name, value in values.items() if name != "state")
    context = {"page": page, "threads": threads, "filters": filters, "reviews": reviews, "narrowed": narrowed}
    return project_page(request, "questions.html", member=member, section="questions", context=context)


@login_required
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
def set_comments(request: HttpRequest, set_id: UUID) -> HttpResponse:
    """What was said about one annotation set; a form begins a thread."""
    member, annotation_set = policies.check_member_by_set(user=person(request), set_id=set_id)
    policies.check_can_discuss(member, annotation_set)
    if request.method == "POST":
        span = uuid_in(request.POST, "span")
        kind, text = request.POST.get("kind", CommentKind.QUESTION), request.POST.get("text", "")
        comments.begin_thread(actor=member.user, annotation_set_id=set_id, kind=kind, text=text, span=span)
        if not request.headers.get("HX-Request"):
            return redirect("set-comments", set_id)
    record_opening_of(member=member, annotation_set=annotation_set)
    threads = selector.threads_of_set(member=member, annotation_set=annotation_set)
    comments.see_answers(member=member, annotation_set=annotation_set)
    context = {
        "annotation_set": annotation_set,
        "article": annotation_set.article,
        "threads": threads,
        "kinds": _KINDS,
        "member": member,
        "reviews": policies.can_review_article(member, annotation_set.article_id),
    }
    if request.headers.get("HX-Request"):
        return render(request, "comments.html#threads", context | {"is_desk": request.GET.get("desk") == "1"})
    return project_page(request, "comments.html", member=member, section="questions", context=context)


@login_required
@require_safe
@vary_on_headers("HX-Request")
def article_comments(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """For a reviewer: what was said about all the work on one article."""
    member, article = policies.check_member_by_article(user=person(request), article_id=article_id)
    policies.check_can_review_article(member, article.pk)
    threads = selector.threads_of_article(member=member, article_id=article.pk)
    record_openings(member=member, article_ids=[article.pk])
    context = {
        "article": article,
        "threads": threads,
        "member": member,
        "reviews": True,
        "anonymous": request.GET.get("names") != "1",
    }
    if request.headers.get("HX-Request"):
        return render(request, "comments.html#threads", context)
    return project_page(request, "comments.html", member=member, section="questions", context=context)


@login_required
@require_POST
def answer(request: HttpRequest, comment_id: UUID) -> HttpResponse:
    """Add to a thread."""
    written = comments.answer_thread(actor=person(request), thread_id=comment_id, text=request.POST.get("text", ""))
    return _thread_answer(request, written.parent_id or written.pk, said=_("Your answer is there."))


@login_required
@require_POST
def resolve(request: HttpRequest, comment_id: UUID) -> HttpResponse:
    """Close a thread, or open it again."""
    resolved = request.POST.get("resolved") == "yes"
    thread = comments.resolve_thread(actor=person(request), thread_id=comment_id, resolved=resolved)
    return _thread_answer(request, thread.pk, said=_("Resolved.") if resolved else _("Open again."))


def _thread_answer(request: HttpRequest, thread_id: UUID, *, said: str) -> HttpResponse:
    """The thread anew for HTMX, else the page the form stood on."""
    thread = Comment.objects.select_related("annotation_set__article__project", "article__project").get(pk=thread_id)
    article = thread.annotation_set.article if thread.annotation_set else thread.article
    slug = article.project.slug if article else ""
    if request.headers.get("HX-Request"):
        member = policies.check_member(user=person(request), slug=slug)
        firsts = selector.loaded(Comment.objects.filter(pk=thread_id))
        [found] = selector.as_threads(member=member, firsts=list(firsts))
        context = {
            "thread": found,
            "member": member,
            "reviews": policies.can_review(member),
            "anonymous": request.POST.get("anonymous") == "yes",
            "is_desk": request.POST.get("desk") == "yes",
            "with_article": request.POST.get("listed") == "yes",
        }
        return render(request, "comment_thread.html", context)
    messages.success(request, said)
    return back_to(request, reverse("questions", args=[slug]))


def _remember_openings(member: Membership, threads: list[selector.Thread]) -> None:
    """A reviewer who reads a question sees some of the work it is about."""
    others = {
        about.article_id
        for thread in threads
        if (about := thread.first.annotation_set) is not None and about.annotator_id != member.user_id
    }
    if others:
        record_openings(member=member, article_ids=sorted(others))
