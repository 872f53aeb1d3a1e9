"""Publishing the guideline: every version stays as it was."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from annotations import policies
from annotations.domain.errors import FieldError, InvalidData, NotFound
from annotations.models import GuidelineVersion, Membership, Project
from annotations.services import audit
from annotations.services.precedents import has_drafts, take_into

MAX_CHARACTERS = 200_000


@transaction.atomic
def publish_guideline(*, member: Membership, markdown: str) -> GuidelineVersion:
    """Publish the next version, with the precedents that wait for it; work begun from now on is done under it.

    Raises:
        InvalidData: empty, too long, or the same as the version in force with no precedent waiting.
    """
    policies.check_can_manage(member)
    markdown = markdown.replace("\r\n", "\n").replace("\r", "\n").strip() + "\n"
    Project.objects.select_for_update().get(pk=member.project_id)  # the numbers have no gaps
    last = GuidelineVersion.objects.filter(project=member.project_id).order_by("-number").first()
    problem = _problem(markdown, None if has_drafts(member.project) else last)
    if problem:
        raise InvalidData(_("Nothing was published."), [FieldError("markdown", problem)])
    published = GuidelineVersion.objects.create(
        project=member.project, number=last.number + 1 if last else 1, markdown=markdown, published_by=member.user
    )
    take_into(published)
    audit.record("guideline.published", actor=member.user, project=member.project_id, object=published.number)
    # Whoever never read a version is told from here on what changed; its author knows it.
    members = Membership.objects.filter(project=member.project_id)
    members.filter(guideline_seen=None).update(guideline_seen=last.number if last else 0)
    members.filter(pk=member.pk).update(guideline_seen=published.number)
    return published


def read_guideline(*, member: Membership, number: int) -> None:
    """Remember that the member has read the version; never less than was read before.

    Raises:
        NotFound: the guideline has no such version.
    """
    if not GuidelineVersion.objects.filter(project=member.project_id, number=number).exists():
        raise NotFound(_("The guideline has no such version."))
    newer = Q(guideline_seen=None) | Q(guideline_seen__lt=number)
    Membership.objects.filter(newer, pk=member.pk).update(guideline_seen=number)


def _problem(markdown: str, last: GuidelineVersion | None) -> str:
    if not markdown.strip():
        return _("The guideline is empty.")
    if len(markdown) > MAX_CHARACTERS:
        return _("The guideline has more than 200,000 characters.")
    if "\0" in markdown:
        return _("There is a NUL character in it.")
    return _("This is the version in force; nothing is different.") if last and last.markdown == markdown else ""
