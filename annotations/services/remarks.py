"""What reviewers say about a disagreement: to one another, or that the guideline has an issue here."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from annotations.domain.errors import FieldError, InvalidData
from annotations.domain.offsets import check_characters
from annotations.models import Comment, CommentKind, User
from annotations.services.decisions import reviewed

KINDS: Final = (CommentKind.COMMENT, CommentKind.QUESTION, CommentKind.GUIDELINE)
_MOST: Final = 5_000


def remark_on(*, actor: User, disagreement_id: UUID, kind: str, text: str) -> Comment:
    """Say it; it stands at the disagreement and in the list of questions.

    Raises:
        NotFound, NotAllowed: as `policies` says of decisions.
        InvalidData: no text, too long, or an unknown kind.
    """
    if kind not in KINDS:
        names = ", ".join(KINDS)
        raise InvalidData(_("A remark is one of: %(names)s.") % {"names": names}, [FieldError("kind", names)])
    text = text.strip()
    if not text or len(text) > _MOST:
        detail = _("Write something, of at most %(most)d characters.") % {"most": _MOST}
        raise InvalidData(detail, [FieldError("text", detail)])
    check_characters(text, "text")
    _member, row = reviewed(actor=actor, disagreement_id=disagreement_id)
    return Comment.objects.create(
        article_id=row.article_id, disagreement=row.pk, kind=CommentKind(kind), text=text, author=actor
    )
