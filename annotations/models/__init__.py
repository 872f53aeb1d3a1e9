"""Tables, constraints and querysets; docs/data-model.md says what the database promises."""

from annotations.models.annotation_sets import STATES_OF_KIND, AnnotationSet, SetKind, SetState
from annotations.models.articles import Article, Purpose, TextSketch
from annotations.models.audit import AuditEntry
from annotations.models.backups import Backup
from annotations.models.binned import BinnedArticle
from annotations.models.changes import Change, ChangeAction
from annotations.models.comments import Comment, CommentKind
from annotations.models.decisions import ArticleOpening, Decision, DecisionKind, Disagreement, DisagreementState
from annotations.models.entities import Alias, Entity, EntityMerge
from annotations.models.guidelines import GuidelineVersion
from annotations.models.jobs import ArticleAgreement, Heartbeat, ImportedArticle, Job, JobChunk, JobState
from annotations.models.labels import Label, LabelAttribute, LineStyle, RelationLabel
from annotations.models.precedents import Appeal, AppealOutcome, Precedent, RoleClash
from annotations.models.projects import LASTING, Membership, Project, Role
from annotations.models.readings import Reading
from annotations.models.relations import Relation
from annotations.models.releases import Release, ReleaseChunk
from annotations.models.spans import Origin, Span
from annotations.models.suggestions import EngineSwitch, LearntPhrase, SuggestionVerdict, Verdict
from annotations.models.users import ApiToken, LinkPurpose, OneTimeLink, RateLimit, SignIn, TokenScope, User
from annotations.models.webhooks import Webhook, WebhookDelivery

__all__ = [
    "LASTING", "STATES_OF_KIND", "Alias", "AnnotationSet", "ApiToken", "Appeal", "AppealOutcome", "Article",
    "ArticleAgreement", "ArticleOpening", "AuditEntry", "Backup", "BinnedArticle", "Change", "ChangeAction",
    "Comment", "CommentKind", "Decision", "DecisionKind", "Disagreement", "DisagreementState", "EngineSwitch",
    "Entity", "EntityMerge", "GuidelineVersion", "Heartbeat", "ImportedArticle", "Job", "JobChunk", "JobState",
    "Label", "LabelAttribute", "LearntPhrase", "LineStyle", "LinkPurpose", "Membership", "OneTimeLink", "Origin",
    "Precedent", "Project", "Purpose", "RateLimit", "Reading", "Relation", "RelationLabel", "Release", "ReleaseChunk",
    "Role", "RoleClash", "SetKind", "SetState", "SignIn", "Span", "SuggestionVerdict", "TextSketch", "TokenScope",
    "User", "Verdict", "Webhook", "WebhookDelivery",
]  # fmt: skip
