"""The operator's administration: for staff only, and labelled work is only looked at."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from annotations.models import ApiToken, Membership, User
from annotations.services import accounts
from tests.factories import a_project, a_set, a_span, an_article, the_cast

pytestmark = pytest.mark.django_db
MODELS = sorted(
    model._meta.model_name or "" for model in admin.site._registry if model._meta.app_label == "annotations"
)


@pytest.fixture
def operator() -> Client:
    """Somebody of the staff, in an installation with some work in it."""
    project = a_project()
    cast = the_cast(project)
    a_span(a_set(an_article(project), cast["ben"]))
    project.guideline_versions.create(number=1, markdown="# Claim")
    accounts.create_token(user=cast["ben"], name="notebook")
    client = Client()
    client.force_login(User.objects.create_superuser("olga", password="a harbour at night"))
    return client


@pytest.mark.parametrize("model", MODELS)
def test_the_operator_looks_at_every_table(operator: Client, model: str) -> None:
    listing = operator.get(reverse(f"admin:annotations_{model}_changelist"))
    assert listing.status_code == 200
    found = next(each for each in admin.site._registry if each._meta.model_name == model)._default_manager.first()
    if found is not None:
        assert operator.get(reverse(f"admin:annotations_{model}_change", args=[found.pk])).status_code == 200


@pytest.mark.parametrize("model", [model for model in MODELS if model not in {"user", "membership"}])
def test_what_services_wrote_is_not_changed_behind_their_back(operator: Client, model: str) -> None:
    assert operator.get(reverse(f"admin:annotations_{model}_add")).status_code == 403
    found = next(each for each in admin.site._registry if each._meta.model_name == model)._default_manager.first()
    if found is not None:
        assert operator.post(reverse(f"admin:annotations_{model}_delete", args=[found.pk])).status_code == 403
        assert operator.post(reverse(f"admin:annotations_{model}_change", args=[found.pk]), {}).status_code == 403


def test_secrets_are_not_shown(operator: Client) -> None:
    token = ApiToken.objects.get()
    page = operator.get(reverse("admin:annotations_apitoken_change", args=[token.pk])).content.decode()
    assert token.digest not in page


def test_the_operator_gives_a_project_a_new_manager(operator: Client) -> None:
    membership = Membership.objects.get(user__username="ben")
    address = reverse("admin:annotations_membership_change", args=[membership.pk])
    sent = {"project": membership.project_id, "user": membership.user_id, "role": "manager"}
    assert operator.post(address, sent).status_code == 302
    membership.refresh_from_db()
    assert membership.role == "manager"


def test_managers_of_projects_are_no_operators(operator: Client) -> None:
    ada = Client()
    ada.force_login(User.objects.get(username="ada"))
    assert ada.get(reverse("admin:index")).status_code == 302
