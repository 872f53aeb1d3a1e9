"""Addresses of the API, below /api/v1/."""

from django.urls import path

from annotations.api.annotation_sets import AnnotationSetView, FlagView, LeaseView, MoveView, NextArticleView
from annotations.api.changes import ChangesView, RedoView, UndoView
from annotations.api.disagreements import DecisionView, DisagreementsView
from annotations.api.gold import AcceptView, GoldView
from annotations.api.objects import RelationView, SpanView

app_name = "api"
urlpatterns = [
    path("projects/<slug:slug>/queue/next/", NextArticleView.as_view(), name="queue-next"),
    path("annotation-sets/<uuid:set_id>/", AnnotationSetView.as_view(), name="annotation-set"),
    path("annotation-sets/<uuid:set_id>/changes/", ChangesView.as_view(), name="changes"),
    path("annotation-sets/<uuid:set_id>/undo/", UndoView.as_view(), name="undo"),
    path("annotation-sets/<uuid:set_id>/redo/", RedoView.as_view(), name="redo"),
    path("annotation-sets/<uuid:set_id>/flag/", FlagView.as_view(), name="flag"),
    path("annotation-sets/<uuid:set_id>/lease/", LeaseView.as_view(), name="lease"),
    *(
        path(f"annotation-sets/<uuid:set_id>/{action}/", MoveView.as_view(action=action), name=action)
        for action in ("submit", "skip", "release", "reopen", "return")
    ),
    path("projects/<slug:slug>/disagreements/", DisagreementsView.as_view(), name="disagreements"),
    path(
        "projects/<slug:slug>/disagreements/<uuid:disagreement_id>/decision/",
        DecisionView.as_view(),
        name="decision",
    ),
    path("articles/<uuid:article_id>/gold/", GoldView.as_view(), name="gold"),
    path("articles/<uuid:article_id>/gold/accept/", AcceptView.as_view(), name="gold-accept"),
    path("spans/<uuid:uuid>/", SpanView.as_view(), name="span"),
    path("relations/<uuid:uuid>/", RelationView.as_view(), name="relation"),
]
