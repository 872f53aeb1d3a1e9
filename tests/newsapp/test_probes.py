"""What watchers ask: whether the process lives, whether it can serve, and numbers for those who may have them."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from annotations.domain.identifiers import uuid7
from annotations.models import Heartbeat, Job
from annotations.services.changes import apply_changes
from annotations.services.jobs import enqueue_job, show_worker_alive
from newsapp import settings as real
from tests.factories import a_member, a_project, a_set, an_article, put_span

BEARER = {"Authorization": "Bearer four-words"}


def metrics(client: Client) -> dict[str, float]:
    """The samples by name and labels."""
    response = client.get("/metrics", headers=BEARER)
    assert response.status_code == 200
    families = text_string_to_metric_families(response.content.decode())
    return {
        " ".join([sample.name, *sorted(sample.labels.values())]): sample.value
        for family in families
        for sample in family.samples
    }


def test_a_process_that_lives_says_so_without_the_database_under_any_name() -> None:
    response = Client().get("/healthz", headers={"Host": "10.1.2.3"})
    assert (response.status_code, response.content, response.cookies) == (200, b"ok\n", {})
    assert Client().post("/healthz").status_code == 405


@pytest.mark.django_db
def test_a_site_is_ready_when_database_and_tables_are_and_the_worker_counts_when_asked() -> None:
    Heartbeat.objects.create(name="worker", at=timezone.now() - timedelta(minutes=1))
    without = {"ready": True, "database": True, "migrations": True, "worker": False}
    assert Client().get("/readyz").json() == without
    strict = Client().get("/readyz?worker")
    assert (strict.status_code, strict.json()) == (503, without | {"ready": False})
    show_worker_alive()
    strict = Client().get("/readyz?worker")
    assert (strict.status_code, strict.json()) == (200, without | {"worker": True})


@pytest.mark.django_db
def test_a_busy_worker_is_one_that_is_there() -> None:
    Job.objects.create(kind="gamma", state="running", heartbeat_at=timezone.now())
    assert Client().get("/readyz").json()["worker"] is True


@pytest.mark.django_db
def test_tables_of_an_older_version_are_not_ready() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'annotations' AND name LIKE '0001%'")
    response = Client().get("/readyz")
    assert (response.status_code, response.json()["database"], response.json()["migrations"]) == (503, True, False)


@pytest.mark.django_db
def test_numbers_are_for_the_token_or_a_near_network_and_for_nobody_by_default() -> None:
    client = Client()
    assert client.get("/metrics", headers=BEARER).status_code == 404
    with override_settings(METRICS_TOKEN="four-words"):
        assert client.get("/metrics").status_code == 404
        assert client.get("/metrics", headers={"Authorization": "Bearer four-wörds"}).status_code == 404
        assert client.get("/metrics", headers=BEARER).status_code == 200
    with override_settings(METRICS_FROM=[ip_network("127.0.0.0/8")]):
        assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
        assert client.get("/metrics", REMOTE_ADDR="10.1.2.3").status_code == 404
        assert client.get("/metrics").status_code == 200


@pytest.mark.django_db
@override_settings(METRICS_TOKEN="four-words")
def test_the_queue_leases_jobs_and_saves_are_counted() -> None:
    project = a_project()
    ben = a_member(project, "ben")
    article = an_article(project)
    work = a_set(article, ben)
    work.lease_expires_at = timezone.now() - timedelta(minutes=1)
    work.save()
    enqueue_job(kind="gamma", project=project, by=ben)
    before = metrics(Client())
    change = put_span()
    for _time in range(2):
        apply_changes(actor=ben, annotation_set_id=work.pk, changes=[change])
    now = metrics(Client())
    named = ("newsapp_database_up", "newsapp_queue_articles press", "newsapp_jobs waiting", "newsapp_jobs running")
    assert {name: now[name] for name in named} == dict(zip(named, (1, 1, 1, 0), strict=True))
    assert (before["newsapp_leases expired"], now["newsapp_leases held"]) == (1, 1)  # a saved change renews it
    for status in ("applied", "repeated"):
        name = f"newsapp_changes_total {status}"
        assert now[name] - before.get(name, 0) == 1


@pytest.mark.django_db
@override_settings(
    METRICS_TOKEN="four-words",
    MIDDLEWARE=["newsapp.metrics.RequestsMiddleware", *real.MIDDLEWARE],
)
def test_requests_are_counted_by_view_and_the_outboxs_further_attempts() -> None:
    client = Client()
    before = metrics(client)
    address = f"/api/v1/annotation-sets/{uuid7()}/changes/"
    for attempt in ("1", "2", "3"):
        client.post(address, {}, content_type="application/json", headers={"X-Attempt": attempt})
    client.generic("INVENTED", "/sign-in/")
    now = metrics(client)
    view = "django_http_requests_latency_seconds_by_view_method_count POST api:changes"
    assert now[view] - before.get(view, 0) == 3
    assert now["newsapp_outbox_retries_total"] - before["newsapp_outbox_retries_total"] == 2
    assert not [name for name in now if "INVENTED" in name]
