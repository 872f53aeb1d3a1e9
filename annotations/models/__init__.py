"""Tables, constraints and querysets; docs/data-model.md says what the database promises."""

from annotations.models.annotation_sets import STATES_OF_KIND, AnnotationSet, SetKind, SetState
from annotations.models.articles import Article
from annotations.models.changes import Change, ChangeAction
from annotations.models.comments import Comment, CommentKind
from annotations.models.decisions import ArticleOpening, Decision, DecisionKind, Disagreement, DisagreementState
from annotations.models.entities import Entity
from annotations.models.guidelines import GuidelineVersion
from annotations.models.labels import Label, LabelAttribute, LineStyle, RelationLabel
from annotations.models.projects import Membership, Project, Role
from annotations.models.relations import Relation
from annotations.models.spans import Origin, Span
from annotations.models.users import ApiToken, LinkPurpose, OneTimeLink, RateLimit, TokenScope, User

__all__ = [
    "STATES_OF_KIND", "AnnotationSet", "ApiToken", "Article", "ArticleOpening", "Change", "ChangeAction", "Comment",
    "CommentKind", "Decision", "DecisionKind", "Disagreement", "DisagreementState", "Entity", "GuidelineVersion",
    "Label", "LabelAttribute", "LineStyle", "LinkPurpose", "Membership", "OneTimeLink", "Origin", "Project",
    "RateLimit", "Relation", "RelationLabel", "Role", "SetKind", "SetState", "Span", "TokenScope", "User",
]  # fmt: skip
