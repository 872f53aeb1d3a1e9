"""Practice: an article on which newcomers learn the desk, seen by nobody else."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from annotations.models import SetState
from annotations.selectors.practice import practice_of
from annotations.services.practice import begin_practice, restart_practice
from annotations.web.http import person


@login_required
@require_http_methods(["GET", "POST"])
def practice(request: HttpRequest) -> HttpResponse:
    """What practice is, and how far one is; the desk comes here when the practice article is submitted."""
    if request.method == "POST":
        return redirect("practice")
    found = practice_of(person(request))
    context = {"is_begun": found is not None, "is_done": found is not None and found.state == SetState.SUBMITTED}
    return render(request, "practice.html", context)


@login_required
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """To the desk with the practice article: where one stopped, or from the start."""
    start = restart_practice if request.POST.get("again") == "yes" else begin_practice
    return redirect("desk", start(user=person(request)).pk)
