"""Webhooks: which programs are told what happens in a project, and whether that arrived."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import policies
from annotations.api.lists import CURSOR, page_answer, page_shape, read_filters
from annotations.models import Webhook, WebhookDelivery
from annotations.services.webhooks import EVENTS, create_webhook, delete_webhook, send_ping, webhook_of


class WebhookBody(serializers.Serializer[None]):
    """The address to call, and of what it is told."""

    url = serializers.CharField(max_length=2_000)
    events = serializers.ListField(child=serializers.ChoiceField(choices=EVENTS), min_length=1, max_length=len(EVENTS))


class WebhookShape(serializers.Serializer[Webhook]):
    """A webhook."""

    id = serializers.UUIDField()
    url = serializers.CharField()
    events = serializers.ListField(child=serializers.ChoiceField(choices=EVENTS))
    created_by = serializers.CharField(source="created_by.username")
    created_at = serializers.DateTimeField()


class NewWebhookShape(WebhookShape):
    """A webhook with the secret that signs what it is sent; it is told this once."""

    secret = serializers.CharField()


class DeliveryShape(serializers.Serializer[WebhookDelivery]):
    """One event that was, or is to be, sent; `next_at` is null when it arrived or was given up."""

    id = serializers.UUIDField()
    event = serializers.CharField()
    payload = serializers.DictField()
    created_at = serializers.DateTimeField()
    attempts = serializers.IntegerField()
    next_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    status = serializers.IntegerField(allow_null=True, help_text="Of the last answer.")
    error = serializers.CharField(help_text="Why there was none.")


class WebhooksView(APIView):
    """The webhooks of a project."""

    @extend_schema(operation_id="list_webhooks", parameters=CURSOR, responses=page_shape("WebhookPage", WebhookShape))
    def get(self, request: Request, slug: str) -> Response:
        """All of them, for managers."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_manage(member)
        found = Webhook.objects.filter(project=member.project_id).select_related("created_by")
        return page_answer(request, found, self, WebhookShape)

    @extend_schema(operation_id="create_webhook", request=WebhookBody, responses={201: NewWebhookShape})
    def post(self, request: Request, slug: str) -> Response:
        """Have an address told; the answer has the secret. 409 where the server has webhooks switched off."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_manage(member)
        body = WebhookBody(data=request.data)
        body.is_valid(raise_exception=True)
        return Response(NewWebhookShape(create_webhook(member=member, **body.validated_data)).data, status=201)


class WebhookView(APIView):
    """One webhook."""

    @extend_schema(operation_id="get_webhook", responses=WebhookShape)
    def get(self, request: Request, slug: str, webhook_id: UUID) -> Response:
        """Its address and events."""
        member = policies.check_member(user=request.user, slug=slug)
        read_filters(request)
        return Response(WebhookShape(webhook_of(member, webhook_id)).data)

    @extend_schema(operation_id="delete_webhook", responses={204: None})
    def delete(self, request: Request, slug: str, webhook_id: UUID) -> Response:
        """Tell it nothing any more."""
        member = policies.check_member(user=request.user, slug=slug)
        delete_webhook(member=member, webhook_id=webhook_id)
        return Response(status=204)


class DeliveriesView(APIView):
    """What a webhook was sent."""

    @extend_schema(
        operation_id="list_deliveries", parameters=CURSOR, responses=page_shape("DeliveryPage", DeliveryShape)
    )
    def get(self, request: Request, slug: str, webhook_id: UUID) -> Response:
        """Newest first, of the last thirty days."""
        member = policies.check_member(user=request.user, slug=slug)
        found = webhook_of(member, webhook_id).deliveries.all()
        return page_answer(request, found, self, DeliveryShape, ordering=("-pk",))

    @extend_schema(operation_id="send_ping", request=None, responses={202: DeliveryShape})
    def post(self, request: Request, slug: str, webhook_id: UUID) -> Response:
        """Send an event that tells nothing, to see whether it arrives."""
        member = policies.check_member(user=request.user, slug=slug)
        return Response(DeliveryShape(send_ping(member=member, webhook_id=webhook_id)).data, status=202)
