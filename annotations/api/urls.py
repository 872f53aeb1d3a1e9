"""Addresses of the API, below /api/v1/."""

from django.urls import path

from annotations.api.accounts import AccountView
from annotations.api.agreement import AgreementView
from annotations.api.annotation_sets import AnnotationSetView, FlagView, LeaseView, MoveView, NextArticleView
from annotations.api.articles import ArticlesView, ArticleView
from annotations.api.assignments import AssignmentsView, AssignmentView
from annotations.api.audit import AuditView
from annotations.api.bins import BinnedProjectsView, BinRestoreView, BinView, RestoreProjectView
from annotations.api.bulk import BulkChangesView, SetsView
from annotations.api.changes import ChangesView, RedoView, UndoView
from annotations.api.clashes import ClashesView
from annotations.api.comments import CommentsView, CommentView, ThreadsView
from annotations.api.disagreements import DecisionView, DisagreementCountsView, DisagreementsView
from annotations.api.entities import EntitiesView, EntityView, MergeView, UnmergeView
from annotations.api.exports import ExportLossesView, ExportView
from annotations.api.feedback import AppealsView, AppealView, ArticleFeedbackView, FeedbackView
from annotations.api.gold import AcceptView, GoldView
from annotations.api.guidelines import GuidelinesView, GuidelineView
from annotations.api.imports import ImportsView, ImportUndoView
from annotations.api.invitations import InvitationsView, InvitationView
from annotations.api.jobs import JobCancelView, JobsView, JobView
from annotations.api.labels import LabelsView, LabelView, RelationLabelsView, RelationLabelView
from annotations.api.members import MembersView, MemberView
from annotations.api.networks import NetworkView, PlacesView
from annotations.api.objects import RelationView, SpanView
from annotations.api.precedents import PrecedentsView, PrecedentView
from annotations.api.projects import ProjectsView, ProjectView
from annotations.api.releases import (
    ReleaseDifferenceView,
    ReleaseDownloadView,
    ReleasesView,
    ReleaseView,
)
from annotations.api.requeue import RequeueUndoView, RequeueView
from annotations.api.schema import SchemaView, docs
from annotations.api.statements import StatementsView
from annotations.api.suggestions import EnginesView, SuggestionsView, VerdictView
from annotations.api.training import AccuracyView, TrainedView
from annotations.api.webhooks import DeliveriesView, WebhooksView, WebhookView

app_name = "api"
urlpatterns = [
    path("annotation-sets/<uuid:set_id>/changes/", ChangesView.as_view(), name="changes"),
    path("account/", AccountView.as_view(), name="account"),
    path("projects/", ProjectsView.as_view(), name="projects"),
    path("projects/<slug:slug>/", ProjectView.as_view(), name="project"),
    path("projects/<slug:slug>/labels/", LabelsView.as_view(), name="labels"),
    path("projects/<slug:slug>/labels/<slug:key>/", LabelView.as_view(), name="label"),
    path("projects/<slug:slug>/relation-labels/", RelationLabelsView.as_view(), name="relation-labels"),
    path("projects/<slug:slug>/relation-labels/<slug:key>/", RelationLabelView.as_view(), name="relation-label"),
    path("projects/<slug:slug>/members/", MembersView.as_view(), name="members"),
    path("projects/<slug:slug>/members/<path:username>/", MemberView.as_view(), name="member"),
    path("projects/<slug:slug>/audit/", AuditView.as_view(), name="audit"),
    path("bin/", BinnedProjectsView.as_view(), name="binned-projects"),
    path("bin/<slug:slug>/restore/", RestoreProjectView.as_view(), name="restore-project"),
    path("projects/<slug:slug>/bin/", BinView.as_view(), name="bin"),
    path("projects/<slug:slug>/bin/<uuid:batch>/restore/", BinRestoreView.as_view(), name="bin-restore"),
    path("projects/<slug:slug>/invitations/", InvitationsView.as_view(), name="invitations"),
    path("projects/<slug:slug>/invitations/<uuid:invitation>/", InvitationView.as_view(), name="invitation"),
    path("projects/<slug:slug>/guidelines/", GuidelinesView.as_view(), name="guidelines"),
    path("projects/<slug:slug>/guidelines/<int:number>/", GuidelineView.as_view(), name="guideline"),
    path("projects/<slug:slug>/articles/", ArticlesView.as_view(), name="articles"),
    path("articles/<uuid:article_id>/", ArticleView.as_view(), name="article"),
    path("projects/<slug:slug>/imports/", ImportsView.as_view(), name="imports"),
    path("projects/<slug:slug>/imports/<uuid:job_id>/undo/", ImportUndoView.as_view(), name="import-undo"),
    path("projects/<slug:slug>/export/", ExportView.as_view(), name="export"),
    path("projects/<slug:slug>/export/losses/", ExportLossesView.as_view(), name="export-losses"),
    path("projects/<slug:slug>/releases/", ReleasesView.as_view(), name="releases"),
    path("releases/<uuid:release_id>/", ReleaseView.as_view(), name="release"),
    path("releases/<uuid:release_id>/download/", ReleaseDownloadView.as_view(), name="release-download"),
    path("releases/<uuid:before>/diff/<uuid:after>/", ReleaseDifferenceView.as_view(), name="release-difference"),
    path("projects/<slug:slug>/entities/", EntitiesView.as_view(), name="entities"),
    path("projects/<slug:slug>/entities/<uuid:entity_id>/", EntityView.as_view(), name="entity"),
    path("projects/<slug:slug>/entities/<uuid:entity_id>/merge/", MergeView.as_view(), name="entity-merge"),
    path("projects/<slug:slug>/entities/<uuid:entity_id>/unmerge/", UnmergeView.as_view(), name="entity-unmerge"),
    path("projects/<slug:slug>/statements/", StatementsView.as_view(), name="statements"),
    path("projects/<slug:slug>/annotation-sets/", SetsView.as_view(), name="annotation-sets"),
    path("projects/<slug:slug>/changes/", BulkChangesView.as_view(), name="bulk-changes"),
    path("projects/<slug:slug>/network/", NetworkView.as_view(), name="network"),
    path("projects/<slug:slug>/places/", PlacesView.as_view(), name="places"),
    path("projects/<slug:slug>/queue/next/", NextArticleView.as_view(), name="queue-next"),
    path("annotation-sets/<uuid:set_id>/", AnnotationSetView.as_view(), name="annotation-set"),
    path("annotation-sets/<uuid:set_id>/suggestions/", SuggestionsView.as_view(), name="suggestions"),
    path("annotation-sets/<uuid:set_id>/suggestions/<uuid:suggestion>/verdict/", VerdictView.as_view(), name="verdict"),
    path("projects/<slug:slug>/suggestions/", EnginesView.as_view(), name="engines"),
    path("annotation-sets/<uuid:set_id>/undo/", UndoView.as_view(), name="undo"),
    path("annotation-sets/<uuid:set_id>/redo/", RedoView.as_view(), name="redo"),
    path("annotation-sets/<uuid:set_id>/flag/", FlagView.as_view(), name="flag"),
    path("annotation-sets/<uuid:set_id>/comments/", CommentsView.as_view(), name="comments"),
    path("comments/<uuid:comment_id>/", CommentView.as_view(), name="comment"),
    path("projects/<slug:slug>/assignments/", AssignmentsView.as_view(), name="assignments"),
    path("projects/<slug:slug>/assignments/<uuid:set_id>/", AssignmentView.as_view(), name="assignment"),
    path("projects/<slug:slug>/comments/", ThreadsView.as_view(), name="threads"),
    path("annotation-sets/<uuid:set_id>/lease/", LeaseView.as_view(), name="lease"),
    *(
        path(f"annotation-sets/<uuid:set_id>/{action}/", MoveView.as_view(action=action), name=action)
        for action in ("submit", "skip", "release", "reopen", "return")
    ),
    path("projects/<slug:slug>/agreement/", AgreementView.as_view(), name="agreement"),
    path("projects/<slug:slug>/jobs/", JobsView.as_view(), name="jobs"),
    path("projects/<slug:slug>/jobs/<uuid:job_id>/", JobView.as_view(), name="job"),
    path("projects/<slug:slug>/jobs/<uuid:job_id>/cancel/", JobCancelView.as_view(), name="job-cancel"),
    path("projects/<slug:slug>/disagreements/", DisagreementsView.as_view(), name="disagreements"),
    path(
        "projects/<slug:slug>/disagreements/<uuid:disagreement_id>/decision/",
        DecisionView.as_view(),
        name="decision",
    ),
    path("projects/<slug:slug>/disagreements/counts/", DisagreementCountsView.as_view(), name="disagreement-counts"),
    path("projects/<slug:slug>/decisions/requeue/", RequeueView.as_view(), name="requeue"),
    path("projects/<slug:slug>/decisions/requeue/<uuid:batch>/", RequeueUndoView.as_view(), name="requeue-undo"),
    path("projects/<slug:slug>/precedents/", PrecedentsView.as_view(), name="precedents"),
    path("projects/<slug:slug>/precedents/<uuid:precedent_id>/", PrecedentView.as_view(), name="precedent"),
    path("projects/<slug:slug>/feedback/", FeedbackView.as_view(), name="feedback"),
    path("articles/<uuid:article_id>/feedback/", ArticleFeedbackView.as_view(), name="article-feedback"),
    path("projects/<slug:slug>/clashes/", ClashesView.as_view(), name="clashes"),
    path("projects/<slug:slug>/accuracy/", AccuracyView.as_view(), name="accuracy"),
    path("projects/<slug:slug>/accuracy/<path:username>/", TrainedView.as_view(), name="trained"),
    path("projects/<slug:slug>/appeals/", AppealsView.as_view(), name="appeals"),
    path("projects/<slug:slug>/appeals/<uuid:appeal_id>/", AppealView.as_view(), name="appeal"),
    path("articles/<uuid:article_id>/gold/", GoldView.as_view(), name="gold"),
    path("articles/<uuid:article_id>/gold/accept/", AcceptView.as_view(), name="gold-accept"),
    path("projects/<slug:slug>/webhooks/", WebhooksView.as_view(), name="webhooks"),
    path("projects/<slug:slug>/webhooks/<uuid:webhook_id>/", WebhookView.as_view(), name="webhook"),
    path("projects/<slug:slug>/webhooks/<uuid:webhook_id>/deliveries/", DeliveriesView.as_view(), name="deliveries"),
    path("spans/<uuid:uuid>/", SpanView.as_view(), name="span"),
    path("relations/<uuid:uuid>/", RelationView.as_view(), name="relation"),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", docs, name="docs"),
]
