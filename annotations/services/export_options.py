"""What an export can be told, checked once for pages, programs, commands and releases."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, Literal, NoReturn, TypedDict

from django.utils.translation import gettext as _

from annotations import policies
from annotations.domain.errors import FieldError, InvalidData
from annotations.domain.splits import Ratio, ratio_of
from annotations.domain.withholding import LEVELS
from annotations.formats import WRITERS
from annotations.models import Membership, Role
from annotations.selectors.documents import SETS, Choice
from annotations.selectors.exports import narrowing
from annotations.selectors.progress import ARTICLE_STATES

# Formats that can say where spans are without the text around them.
WITHOUT_TEXT: Final = ("jsonl", "csv", "tsv", "parquet")
QUOTE_LENGTH: Final = 80
MOST_QUOTE_LENGTH: Final = 500


class Options(TypedDict, total=False):
    """What to export. All may be left out.

    `format` is one of `WRITERS`. `sets` is gold, annotators, suggestions, all or majority, by default the first of them
    the role may export; `state` is submitted or all (of the annotators' sets); `include="empty"` adds articles without
    such sets. An annotator gets the person's own sets only.

    Articles are narrowed by `search` (words), `article_state` (as lists of articles tell it), `outlet`,
    `published_after` and `published_before` (dates).

    `pseudonyms` stand for people; `split`, such as 80/10/10, puts train, dev or test into each article's metadata;
    `text` is full, hash, quotes (cut to `quote_length` code points) or scrambled.
    """

    format: str
    sets: str
    state: str
    include: str
    byte_order_mark: bool
    search: str
    article_state: str
    outlet: str
    published_after: date | str | None
    published_before: date | str | None
    pseudonyms: bool
    split: str
    text: str
    quote_length: int


def choice_of(member: Membership, options: Options) -> Choice:
    """What to export, when the member may and the options are some.

    Raises:
        NotAllowed: not with this role.
        InvalidData: an option that is none, or a format that cannot do without what is withheld.
    """
    project, allowed = member.project, policies.exportable_kinds(member)
    sets = options.get("sets") or next(one for one in SETS if one in allowed)
    chosen = {
        "format": (options.get("format", "jsonl"), tuple(WRITERS)),
        "sets": (sets, SETS),
        "state": (options.get("state") or "submitted", ("submitted", "all")),
        "include": (options.get("include", ""), ("", "empty")),
        "article_state": (options.get("article_state", ""), ("", *ARTICLE_STATES)),
        "text": (options.get("text") or "full", LEVELS),
    }
    for name, (value, known) in chosen.items():
        if value not in known:
            choices = ", ".join(filter(None, known))
            _refuse(name, _("%(name)s is one of: %(choices)s.") % {"name": name, "choices": choices})
    level = chosen["text"][0]
    if level in {"hash", "quotes"} and chosen["format"][0] not in WITHOUT_TEXT:
        known_formats = ", ".join(WITHOUT_TEXT)
        _refuse("text", _("Only these formats can be without the texts: %(formats)s.") % {"formats": known_formats})
    policies.check_can_export(member, [sets])
    return Choice(
        sets=sets,
        every_state=chosen["state"][0] == "all",
        annotator=member.user_id if member.role == Role.ANNOTATOR else None,
        reviewer=member.user_id if member.role == Role.REVIEWER and project.blind else None,
        empty=chosen["include"][0] == "empty",
        purposes=policies.purposes_counted(member),
        own_articles=policies.is_blinded(member),
        narrowed=_narrowed(member, options),
        split=_ratio(options),
        pseudonyms=options.get("pseudonyms", False),
        level=level,
        quote_length=_quote_length(options),
    )


def _narrowed(member: Membership, options: Options) -> str:
    """The condition on articles; empty where all are wanted."""
    wanted: dict[str, Any] = {
        "search": options.get("search", "").strip(),
        "state": options.get("article_state", ""),
        "outlet": options.get("outlet", ""),
        "published_after": _day(options, "published_after"),
        "published_before": _day(options, "published_before"),
    }
    return narrowing(member, **wanted) if any(wanted.values()) else ""


def _day(options: Options, name: Literal["published_after", "published_before"]) -> date | None:
    given = options.get(name)
    if not given or isinstance(given, date):
        return given or None
    try:
        return date.fromisoformat(given)
    except ValueError:
        return _refuse(name, _("%(name)s is a date such as 2026-11-24.") % {"name": name})


def _ratio(options: Options) -> Ratio | None:
    written = options.get("split", "")
    try:
        return ratio_of(written) if written else None
    except InvalidData:
        return _refuse("split", _("A split is three numbers for train, dev and test, such as 80/10/10."))


def _quote_length(options: Options) -> int:
    length = options.get("quote_length", QUOTE_LENGTH)
    if not 1 <= length <= MOST_QUOTE_LENGTH:
        _refuse("quote_length", _("A quote may have 1 to %(most)d characters.") % {"most": MOST_QUOTE_LENGTH})
    return length


def _refuse(name: str, detail: str) -> NoReturn:
    raise InvalidData(detail, [FieldError(name, detail)])
