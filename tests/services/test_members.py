"""Invitations, roles, leaving, and who may offer a new password to whom."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from annotations.domain.errors import InvalidData, NewsappError, NotAllowed, NotFound, StateRefused
from annotations.models import Membership, OneTimeLink, Project, Role, User
from annotations.services import accounts, members
from tests.factories import a_member, a_project, a_user, the_cast

GOOD = "a harbour at night"


@pytest.fixture
def project(db: None) -> Project:
    made = a_project()
    the_cast(made)
    return made


def membership(project: Project, username: str = "ada") -> Membership:
    return Membership.objects.select_related("project", "user").get(project=project, user__username=username)


def test_an_invitation_is_kept_as_its_digest_and_lasts_seven_days(project: Project) -> None:
    link, secret = members.invite(member=membership(project), role="annotator")
    stored = OneTimeLink.objects.values().get()
    assert stored["digest"] == accounts.digest_of(secret)
    assert secret not in map(str, stored.values())
    assert timedelta(days=6, hours=23) < link.expires_at - timezone.now() <= timedelta(days=7)


def test_somebody_joins_with_an_account_that_is_there(project: Project) -> None:
    _link, secret = members.invite(member=membership(project), role="reviewer")
    joined = members.join(secret=secret, user=a_user("eve"))
    assert (joined.role, joined.project) == ("reviewer", project)
    with pytest.raises(StateRefused):
        members.join(secret=secret, user=a_user("gus"))


def test_somebody_joins_with_a_new_account(project: Project) -> None:
    link, secret = members.invite(member=membership(project), role="annotator")
    joined = members.join_with_new_account(secret=secret, username="gus", password=GOOD)
    link.refresh_from_db()
    assert (joined.user.username, joined.role, link.used_by) == ("gus", "annotator", joined.user)
    assert joined.user.check_password(GOOD)


def test_a_refused_name_leaves_the_invitation_open_and_makes_no_account(project: Project) -> None:
    _link, secret = members.invite(member=membership(project), role="annotator")
    with pytest.raises(InvalidData):
        members.join_with_new_account(secret=secret, username="ben", password=GOOD)
    with pytest.raises(InvalidData):
        members.join_with_new_account(secret=secret, username="gus", password="short")
    assert not User.objects.filter(username="gus").exists()
    members.join_with_new_account(secret=secret, username="gus", password=GOOD)


def test_a_member_cannot_join_again_nor_by_that_get_another_role(project: Project) -> None:
    _link, secret = members.invite(member=membership(project), role="manager")
    with pytest.raises(StateRefused):
        members.join(secret=secret, user=a_user("ben"))
    assert membership(project, "ben").role == "annotator"


def test_a_withdrawn_invitation_opens_nothing(project: Project) -> None:
    link, secret = members.invite(member=membership(project), role="annotator")
    members.withdraw_invitation(member=membership(project), invitation=link.pk)
    with pytest.raises(StateRefused):
        members.join(secret=secret, user=a_user("eve"))
    with pytest.raises(NotFound):
        members.withdraw_invitation(member=membership(project), invitation=link.pk)


def test_an_invitation_of_another_project_cannot_be_withdrawn(project: Project) -> None:
    other = a_project("other")
    gus = a_member(other, "gus", Role.MANAGER)
    link, _secret = members.invite(member=membership(other, "gus"), role="annotator")
    with pytest.raises(NotFound):
        members.withdraw_invitation(member=membership(project), invitation=link.pk)
    assert gus == link.created_by


@pytest.mark.django_db(transaction=True)
def test_an_invitation_works_once_also_when_two_accept_it_at_the_same_time() -> None:
    project = a_project()
    a_member(project, "ada")
    _link, secret = members.invite(member=membership(project), role="annotator")
    people = [a_user(name) for name in ("gus", "hal", "ivy", "joe")]

    def accept(user: User) -> bool:
        try:
            members.join(secret=secret, user=user)
        except StateRefused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(accept, people)) == [False, False, False, True]
    assert Membership.objects.filter(project=project, role="annotator").count() == 1


def test_roles_change_but_a_project_keeps_a_manager(project: Project) -> None:
    ada = membership(project)
    assert members.change_role(member=ada, username="ben", role="manager").role == "manager"
    assert members.change_role(member=ada, username="ada", role="reader").role == "reader"
    ben = membership(project, "ben")
    with pytest.raises(StateRefused):
        members.change_role(member=ben, username="ben", role="reader")
    with pytest.raises(StateRefused):
        members.remove_member(member=ben, username="ben")


def test_an_unknown_role_is_refused(project: Project) -> None:
    with pytest.raises(InvalidData):
        members.change_role(member=membership(project), username="ben", role="king")
    with pytest.raises(InvalidData):
        members.invite(member=membership(project), role="king")


def test_who_was_removed_comes_back_by_an_invitation_to_the_same_membership(project: Project) -> None:
    ada, before = membership(project), membership(project, "ben")
    members.remove_member(member=ada, username="ben")
    with pytest.raises(NotFound):
        members.change_role(member=ada, username="ben", role="reviewer")
    _link, secret = members.invite(member=ada, role="reviewer")
    back = members.join(secret=secret, user=before.user)
    assert (back.pk, back.role, back.removed_at) == (before.pk, "reviewer", None)


def test_a_manager_adds_only_people_of_projects_managed_by_that_manager(project: Project) -> None:
    second = a_project("second")
    a_member(second, "ada")
    manager = membership(second)
    added = members.add_member(member=manager, username="ben", role="annotator")
    assert (added.project, added.role) == (second, "annotator")
    for stranger in ("eve", "nobody"):
        with pytest.raises(NotFound):
            members.add_member(member=manager, username=stranger, role="annotator")


def test_a_manager_offers_a_new_password_to_a_member(project: Project) -> None:
    _link, secret = members.offer_password_reset(member=membership(project), username="ben")
    assert accounts.reset_password(secret=secret, password=GOOD).username == "ben"


def test_a_new_password_is_not_offered_where_it_would_open_more_than_the_manager_manages(project: Project) -> None:
    ada = membership(project)
    User.objects.filter(username="dora").update(is_staff=True)
    User.objects.filter(username="fay").update(is_active=False)
    a_member(a_project("other"), "ben")
    User.objects.filter(username="chi").update(may_create_projects=True)
    for username in ("dora", "fay", "ben", "chi"):
        with pytest.raises(NotAllowed):
            members.offer_password_reset(member=ada, username=username)
    with pytest.raises(NotFound):
        members.offer_password_reset(member=ada, username="eve")
    assert not OneTimeLink.objects.exists()


@pytest.mark.parametrize("username", ["ben", "dora", "fay"])
def test_only_a_manager_decides_who_is_a_member(project: Project, username: str) -> None:
    member = membership(project, username)
    link, _secret = members.invite(member=membership(project), role="annotator")
    for write in (
        lambda: members.invite(member=member, role="annotator"),
        lambda: members.withdraw_invitation(member=member, invitation=link.pk),
        lambda: members.add_member(member=member, username="eve", role="annotator"),
        lambda: members.change_role(member=member, username="chi", role="manager"),
        lambda: members.remove_member(member=member, username="chi"),
        lambda: members.offer_password_reset(member=member, username="chi"),
    ):
        with pytest.raises(NotAllowed):
            write()


@pytest.mark.django_db(transaction=True)
def test_two_managers_who_remove_each_other_at_the_same_time_leave_one() -> None:
    project = a_project()
    for name in ("ada", "gus"):
        a_member(project, name, Role.MANAGER)

    def remove(names: tuple[str, str]) -> bool:
        try:
            members.remove_member(member=membership(project, names[0]), username=names[1])
        except NewsappError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(remove, [("ada", "gus"), ("gus", "ada")]))
    assert Membership.objects.filter(project=project, role="manager", removed_at=None).count() == 1
