"""The side column of a project's pages: what there is for this member."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from annotations import policies
from annotations.models import Membership, Role


@dataclass(frozen=True, slots=True)
class Section:
    """One entry: `name` is also the name of its address; `gap` begins a group."""

    name: str
    title: str | Promise
    url: str
    gap: bool = False


def sections_of(member: Membership) -> list[Section]:
    """The sections this member may open, in order."""
    entries = [
        ("project", _("Overview"), True, False),
        ("articles", _("Articles"), True, False),
        ("review", _("Review"), policies.can_review(member), False),
        ("agreement", _("Agreement"), policies.can_review(member), False),
        ("questions", _("Questions"), policies.can_annotate(member), False),
        ("feedback", _("Feedback"), member.role == Role.ANNOTATOR, False),
        ("statements", _("Statements"), True, True),
        ("network", _("Network"), True, False),
        ("places", _("Map"), True, False),
        ("entities", _("Entities"), True, False),
        ("labels", _("Labels"), True, True),
        ("guideline", _("Guideline"), True, False),
        ("precedents", _("Precedents"), True, False),
        ("suggestions", _("Suggestions"), policies.can_manage(member), False),
        ("accuracy", _("Accuracy"), policies.can_manage(member), False),
        ("members", _("Members"), policies.can_review(member), False),
        ("audit", _("Audit"), policies.can_manage(member), False),
        ("project-settings", _("Settings"), policies.can_manage(member), False),
        ("bin", _("Bin"), policies.can_manage(member), False),
        ("imports", _("Import"), policies.can_manage(member), True),
        ("exports", _("Export"), True, not policies.can_manage(member)),
        ("releases", _("Releases"), policies.can_see_releases(member), False),
    ]
    slug = member.project.slug
    return [Section(name, title, reverse(name, args=[slug]), gap) for name, title, allowed, gap in entries if allowed]
