"""German or English: by the account, else by the browser; machines read the same in both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils import formats, translation

from annotations.models import Job, User
from annotations.services import accounts
from annotations.services.jobs import do_next_job, enqueue_job
from annotations.services.preferences import change_preferences
from tests.browser.test_pages_look import places  # noqa: F401 - a fixture
from tests.factories import a_project, a_user, an_article, the_cast
from tests.services.test_disagreements import submitted

pytestmark = pytest.mark.django_db
GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    """A request leaves its language to the thread."""
    yield
    translation.activate("en")


@pytest.fixture
def ben() -> User:
    return a_user("ben")


def page(client: Client, address: str, **headers: str) -> str:
    return client.get(address, headers=headers).content.decode()


@pytest.mark.parametrize(
    ("asked", "language", "heading"),
    [("", "en", "Sign in"), ("de-CH", "de", "Anmelden"), ("fr, de;q=0.5", "de", "Anmelden"), ("tlh", "en", "Sign in")],
)
def test_before_signing_in_the_browser_decides(client: Client, asked: str, language: str, heading: str) -> None:
    response = client.get("/sign-in/", headers={"Accept-Language": asked})
    assert f'<html lang="{language}">' in response.content.decode()
    assert f"<h1>{heading}</h1>" in response.content.decode()
    assert ("Accept-Language" in response["Vary"], response["Content-Language"]) == (True, language)


def test_the_account_wins_over_the_browser_from_the_next_page_on(client: Client, ben: User) -> None:
    client.force_login(ben)
    assert "<h1>Meine Artikel</h1>" in page(client, "/my-articles/", **GERMAN)
    kept = client.post("/account/look/", {"language": "en"}, headers=GERMAN, follow=True)
    assert "The look is saved." in kept.content.decode()
    assert '<html lang="en"' in page(client, "/my-articles/", **GERMAN)
    kept = client.post("/account/look/", {"language": "de"}, follow=True)
    assert "Das Aussehen ist gespeichert." in kept.content.decode()
    assert '<html lang="de"' in page(client, "/my-articles/")
    client.post("/account/look/", {"language": "browser"})
    assert '<html lang="en"' in page(client, "/my-articles/")


def test_sentences_of_django_and_of_allauth_are_german_too(client: Client, ben: User) -> None:
    assert (
        "Dieses Feld ist zwingend erforderlich."
        in client.post("/sign-in/", {"username": "ben"}, headers=GERMAN).content.decode()
    )
    client.force_login(ben)
    wrong = client.post("/account/confirm/", {"password": "no"}, headers=GERMAN)
    assert "Falsches Passwort" in wrong.content.decode()


def test_a_program_is_answered_in_the_language_it_asks_for_and_costs_no_look_at_an_account(
    client: Client, ben: User
) -> None:
    change_preferences(user=ben, values={"language": "de"})
    _token, secret = accounts.create_token(user=ben, name="notebook")
    program = {"Authorization": f"Token {secret}"}
    refused = client.get("/api/v1/projects/none/", headers=program)
    assert refused.json()["detail"] == "There is no such project."
    refused = client.get("/api/v1/projects/none/", headers=program | GERMAN)
    assert refused.json()["detail"] == "Dieses Projekt gibt es nicht."
    client.force_login(ben)
    assert client.get("/api/v1/projects/none/").json()["detail"] == "Dieses Projekt gibt es nicht."  # the desk's saves


def test_dates_numbers_and_plurals() -> None:
    written = Template(
        "{% load i18n %}{{ at|date:'DATE_FORMAT' }} · {{ at|date:'SHORT_DATETIME_FORMAT' }} · {{ value }} · {% for total in totals %}"
        "{% blocktranslate trimmed count total=total %}{{ total }} span{% plural %}{{ total }} spans{% endblocktranslate %}. {% endfor %}"
    )
    values = {"at": datetime(2026, 12, 1, 8, 5, tzinfo=UTC), "value": 0.25, "totals": [0, 1, 1234]}
    said = {}
    for language in ("en", "de"):
        with translation.override(language):
            said[language] = written.render(Context(values))
    assert said == {
        "en": "1 December 2026 · 1 Dec 2026, 08:05 · 0.25 · 0 spans. 1 span. 1,234 spans. ",
        "de": "1. Dezember 2026 · 01.12.2026, 08:05 · 0,25 · 0 Markierungen. 1 Markierung. 1.234 Markierungen. ",
    }


def test_a_job_speaks_the_language_of_who_asked_for_it(ben: User) -> None:
    with translation.override("de"):
        enqueue_job(kind="unheard-of", project=None, by=ben)
    do_next_job(handlers={})
    assert Job.objects.get().error == "Diese Version von Newsapp kennt solche Aufträge nicht."


@pytest.mark.django_db(transaction=True)
def test_exported_data_is_the_same_in_every_language(client: Client) -> None:
    project = a_project("press")
    cast = the_cast(project)
    submitted(an_article(project), cast["ben"], ("claim", "We lost nine days"), ("actor", "Ingrid Solheim"))
    client.force_login(cast["ada"])
    for form in ("jsonl", "csv", "conll", "brat", "graphml"):
        address = f"/api/v1/projects/press/export/?format={form}&sets=annotators"
        english, german = (
            b"".join(client.get(address, headers={"Accept-Language": asked}).streaming_content)  # type: ignore[attr-defined]
            for asked in ("en", "de")
        )
        assert (english == german, bool(english)) == (True, True), form


class Machine(HTMLParser):
    """The values of attributes that people do not read."""

    READ = ("aria-label", "aria-description", "title", "placeholder", "alt", "content")

    def __init__(self) -> None:
        super().__init__()
        self.values: list[tuple[str, str, str]] = []
        self.data = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.values += [(tag, name, value) for name, value in attrs if value and name not in self.READ]


def test_what_machines_read_is_not_written_in_any_language(
    client: Client,
    places: dict[str, str],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All pages with signs for the decimal point and for thousands that are nowhere else, after each digit."""
    signs = {"DECIMAL_SEPARATOR": "‡", "THOUSAND_SEPARATOR": "†", "NUMBER_GROUPING": 1}
    known = formats.get_format
    monkeypatch.setattr(
        formats, "get_format", lambda name, *args, **more: signs.get(name) or known(name, *args, **more)
    )
    found: list[Any] = []
    seen = 0
    for address, username in places.items():
        client.logout()
        if username:
            client.force_login(User.objects.get(username=username))
        content = page(client, address)
        seen += len(re.findall("[†‡]", content))
        machine = Machine()
        machine.feed(content)
        found += [(address, *each) for each in machine.values if re.search("[†‡]", each[2])]
        found += [
            (address, script) for script in re.findall(r"<script.*?</script>", content, re.DOTALL) if "†" in script
        ]
    assert found == []
    assert seen > 50
