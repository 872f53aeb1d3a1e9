"""What a manager still has to do before people can label: the list on the overview."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from annotations.models import Membership
from annotations.selectors.projects import roles_held


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: its page by address name, and whether it is done."""

    title: str | Promise
    page: str
    done: bool


def next_steps(member: Membership) -> list[Step]:
    """The steps in order; empty when all are done."""
    project = member.project
    held = roles_held(project)
    steps = [
        Step(_("Choose the labels"), "labels", project.labels.filter(archived_at=None).exists()),
        Step(_("Write the guideline"), "guideline", project.guideline_versions.exists()),
        Step(_("Import articles"), "imports", project.articles.exists()),
        Step(_("Invite annotators"), "members", held.get("annotator", 0) >= project.annotators_per_article),
        Step(_("Invite a reviewer"), "members", held.get("reviewer", 0) > 0),
    ]
    return [] if all(step.done for step in steps) else steps
