"""Numbers for Prometheus: what django-prometheus counts of requests, what our services count, and what the tables say.

All processes of the web server write into one folder (PROMETHEUS_MULTIPROC_DIR, set by run.py); whichever is asked adds
them up. What the tables say is counted when it is asked for, once for all processes and machines.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, Final

import prometheus_client
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django_prometheus.middleware import PrometheusAfterMiddleware  # type: ignore[import-untyped]
from prometheus_client import CollectorRegistry, Counter, multiprocess
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from annotations.selectors.operating import gauges

RETRIES: Final = Counter("newsapp_outbox_retries", "Requests that a desk's outbox sent again after no or a 5xx answer.")
_ATTEMPT: Final = "X-Attempt"  # static/js/desk/outbox.js


class RequestsMiddleware(PrometheusAfterMiddleware):  # type: ignore[misc]
    """Requests by view, method and status, with their latencies; and the outbox's attempts."""

    def process_request(self, request: HttpRequest) -> None:
        """Count it, and whether it is one of the outbox's further attempts."""
        super().process_request(request)
        if request.headers.get(_ATTEMPT, "1") != "1":
            RETRIES.inc()

    def label_metric(
        self, metric: Any, request: HttpRequest, response: HttpResponse | None = None, **labels: str
    ) -> Any:
        """Methods nobody knows are one label: a client must not be able to make labels."""
        if "method" in labels:
            labels["method"] = self._method(request)
        return super().label_metric(metric, request, response=response, **labels)


class Tables(Collector):
    """Gauges from the database; without it only that it is away."""

    def collect(self) -> Iterator[Metric]:
        """Each gauge with its labels."""
        up = GaugeMetricFamily("newsapp_database_up", "Whether the database answers (1) or not (0).", value=1)
        try:
            found = gauges()
        except Error:
            yield GaugeMetricFamily(up.name, up.documentation, value=0)
            return
        yield up
        for gauge in found:
            family = GaugeMetricFamily(gauge.name, gauge.meaning, labels=gauge.labels)
            for labels, value in gauge.values:
                family.add_metric(labels, value)
            yield family


def exposition() -> tuple[bytes, str]:
    """All numbers in Prometheus' text form, and its content type."""
    registry = prometheus_client.REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    tables = CollectorRegistry()
    tables.register(Tables())
    content = prometheus_client.generate_latest(registry) + prometheus_client.generate_latest(tables)
    return content, prometheus_client.CONTENT_TYPE_LATEST
