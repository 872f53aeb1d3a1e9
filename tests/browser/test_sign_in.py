"""The way in, with the keyboard."""

import pytest
from django.contrib.auth import get_user_model

from tests.browser.conftest import PageOf

pytestmark = pytest.mark.browser


def test_ada_signs_in_and_sees_her_projects(page_of: PageOf) -> None:
    get_user_model().objects.create_user("ada", password="sesame-and-lilies")
    page = page_of(None)
    page.goto("/")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill("sesame-and-lilies")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Projects").wait_for()


def test_a_page_of_ada_is_signed_in(page_of: PageOf) -> None:
    get_user_model().objects.create_user("ada")
    page = page_of("ada")
    page.goto("/")
    page.get_by_role("heading", name="Projects").wait_for()
