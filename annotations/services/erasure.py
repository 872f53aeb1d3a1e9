"""A person leaves: what names the person goes, the work stays under a pseudonym."""

from __future__ import annotations

import logging
import secrets

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations.domain.errors import NotFound, StateRefused
from annotations.models import LASTING, ApiToken, Membership, OneTimeLink, Role, SignIn, User

logger = logging.getLogger(__name__)


@transaction.atomic
def erase_person(*, username: str) -> str:
    """Give the account a pseudonym and close it for ever; the pseudonym.

    Name, address, password, settings, tokens, sessions and open links go; annotation sets, decisions and comments stay
    and are the pseudonym's. Names inside comments and notes are text of the project and are not looked for.

    Raises:
        NotFound: no such account.
        StateRefused: the only manager of a project: somebody else must be made one first.
    """
    user = User.objects.select_for_update().filter(username=username).first()
    if user is None:
        raise NotFound(_("There is no such account."))
    _check_not_needed(user)
    pseudonym = f"person-{secrets.token_hex(4)}"
    Session.objects.filter(session_key__in=SignIn.objects.filter(user=user).values("session_key")).delete()
    SignIn.objects.filter(user=user).delete()
    for model in (ApiToken, Authenticator, SocialAccount, EmailAddress):
        model.objects.filter(user=user).delete()
    now = timezone.now()
    OneTimeLink.objects.filter(created_by=user, used_at=None, revoked_at=None).update(revoked_at=now)
    OneTimeLink.objects.filter(user=user).delete()
    LogEntry.objects.filter(user=user).delete()
    lasting = list(Membership.objects.filter(LASTING, user=user).values_list("pk", flat=True))
    Membership.objects.filter(pk__in=lasting).update(removed_at=now)
    user.username, user.first_name, user.last_name, user.email = pseudonym, "", "", ""
    user.is_active = user.is_staff = user.is_superuser = user.may_create_projects = False
    user.preferences, user.last_login = {}, None
    user.set_unusable_password()
    user.save()
    logger.warning("An account was erased; its work is that of %s.", pseudonym)
    return pseudonym


def _check_not_needed(user: User) -> None:
    managed = Membership.objects.filter(LASTING, user=user, role=Role.MANAGER, project__is_practice=False)
    for each in managed.select_related("project"):
        others = Membership.objects.filter(LASTING, project=each.project_id, role=Role.MANAGER)
        if not others.exclude(pk=each.pk).exists():
            raise StateRefused(
                _("%(name)s is the only manager of “%(project)s”; make somebody else one first.")
                % {"name": user.username, "project": each.project.name}
            )
