"""Networks of who said what and the map of the places: pictures drawn here, with a table and a file behind each."""

from __future__ import annotations

import json
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from annotations import policies
from annotations.domain.network_pictures import picture_of
from annotations.domain.networks import Edge, Network, strongest
from annotations.domain.places import feature_collection, map_of
from annotations.formats import MEDIA_TYPES
from annotations.formats.networks import graphml
from annotations.models import Membership
from annotations.selectors.networks import network
from annotations.selectors.places import ATTRIBUTION, mentions_of_places, places
from annotations.selectors.statements import claims_listed
from annotations.services.disagreements import record_openings_of_spans
from annotations.web.forms.networks import NetworkFilter, PlacesFilter
from annotations.web.http import person, project_page
from annotations.web.statements import kinds_of

ROWS: Final = 100


@login_required
@require_safe
@vary_on_headers("HX-Request")
def network_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The picture and the table; HTMX gets these alone while the filters change."""
    member = policies.check_member(user=person(request), slug=slug)
    filters = NetworkFilter(request.GET, project=member.project, kinds=kinds_of(member))
    wanted = filters.wanted()
    kind, least, most = filters.drawn()
    whole = _network(member, kind, wanted)
    shown = strongest(whole, least=least, most=most)
    names = {node.key: node for node in shown.nodes}
    edges = sorted(shown.edges, key=lambda edge: (-edge.weight, edge.source, edge.target, edge.relation))
    context = {
        "project": member.project,
        "filters": filters,
        "more": set(wanted) & set(filters.LESS_USED),
        "whole": whole,
        "shown": shown,
        "picture": picture_of(shown),
        "rows": [(edge, names[edge.source], names[edge.target], _attribute(edge)) for edge in edges[:ROWS]],
        "further": len(edges) - ROWS,
        "sets": wanted["sets"],
        "download": request.GET.urlencode(),
    }
    return _page(request, "network.html", member, "network", context)


@login_required
@require_safe
def network_download(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole network of the statements that fit, as GraphML; `least` and `most` only thin the picture."""
    member = policies.check_member(user=person(request), slug=slug)
    filters = NetworkFilter(request.GET, project=member.project, kinds=kinds_of(member))
    kind, _least, _most = filters.drawn()
    found = _network(member, kind, filters.wanted())
    headers = {"Content-Disposition": f'attachment; filename="{member.project.slug}-{kind}.graphml"'}
    return HttpResponse(b"".join(graphml(found)), content_type=MEDIA_TYPES["graphml"], headers=headers)


@login_required
@require_safe
@vary_on_headers("HX-Request")
def places_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The map and the table; HTMX gets these alone while the filters change."""
    member = policies.check_member(user=person(request), slug=slug)
    filters = PlacesFilter(request.GET, kinds=kinds_of(member))
    wanted = filters.wanted()
    mentions = mentions_of_places(member, **wanted)
    found = places(mentions)
    _record(member, wanted, mentions)
    context = {
        "project": member.project,
        "filters": filters,
        "filtered": set(wanted) - {"sets"},
        "found": found[:ROWS],
        "further": len(found) - ROWS,
        "unlocated": sum(not place.located for place in found),
        "map": map_of(found),
        "sources": ATTRIBUTION,
        "sets": wanted["sets"],
        "download": request.GET.urlencode(),
    }
    return _page(request, "places.html", member, "places", context)


@login_required
@require_safe
def places_download(request: HttpRequest, slug: str) -> HttpResponse:
    """The places that fit, as GeoJSON."""
    member = policies.check_member(user=person(request), slug=slug)
    wanted = PlacesFilter(request.GET, kinds=kinds_of(member)).wanted()
    mentions = mentions_of_places(member, **wanted)
    content = json.dumps(feature_collection(places(mentions), attribution=ATTRIBUTION), ensure_ascii=False)
    _record(member, wanted, mentions)
    headers = {"Content-Disposition": f'attachment; filename="{member.project.slug}-places.geojson"'}
    return HttpResponse(content, content_type="application/geo+json", headers=headers)


def _page(
    request: HttpRequest, template: str, member: Membership, section: str, context: dict[str, Any]
) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return render(request, f"{template}#found", context)
    return project_page(request, template, member=member, section=section, context=context)


def _network(member: Membership, kind: str, wanted: dict[str, Any]) -> Network:
    found = network(member, kind=kind, **wanted)
    _record(member, wanted, claims_listed(member, **wanted))
    return found


def _record(member: Membership, wanted: dict[str, Any], spans: Any) -> None:
    if wanted["sets"] == "annotators":
        record_openings_of_spans(member=member, spans=spans)


def _attribute(edge: Edge) -> str:
    """What narrows the list of statements to those of an edge, empty where it has no stance."""
    return f"stance:{edge.relation}" if edge.relation != "claims" else ""
