"""Every span and relation of gold tells from whose work it came, by whose decision, why, under which guideline."""

from __future__ import annotations

from typing import Any

import pytest

from annotations.models import AnnotationSet, Article, Decision, Disagreement, Membership, Project, SetKind, Span, User
from annotations.selectors.provenance import provenance_json, provenance_of
from annotations.services.annotation_sets import move_set
from annotations.services.changes import apply_changes
from annotations.services.decisions import accept_agreed, decide
from annotations.services.guidelines import publish_guideline
from tests import factories
from tests.services.test_decisions import SPANS
from tests.services.test_disagreements import at, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, User]:
    return factories.the_cast(factories.a_project())


@pytest.fixture
def article(people: dict[str, User]) -> Article:
    """A claim on which both agree, an actor on which they do not, and a link between them."""
    article = factories.an_article(Project.objects.get())
    submitted(article, people["ben"], SPANS[0], ("actor", "Ingrid Solheim"), relations=[("made_by", 0, 1)])
    submitted(article, people["chi"], SPANS[0], ("actor", "Solheim of"), relations=[("made_by", 0, 1)])
    publish_guideline(member=member("ada"), markdown="# Actors")
    accept_agreed(actor=people["dora"], article_id=article.pk, how="unanimous")
    actor = Disagreement.objects.get(kind="boundary")
    decide(actor=people["dora"], disagreement_id=actor.pk, versions=[1], reason="As printed.", rule="Names whole.")
    accept_agreed(actor=people["dora"], article_id=article.pk, how="unanimous")
    return article


def member(name: str) -> Membership:
    return Membership.objects.select_related("project", "user").get(user__username=name)


def told(name: str, article: Article, *, names: bool = False) -> list[tuple[str, str, list[Any]]]:
    """Label, quote, and each decision with its sources, as the member is told."""
    gold = AnnotationSet.objects.get(article=article, kind=SetKind.GOLD)
    return [
        (
            each["label"],
            each["quote"],
            [
                (
                    step["kind"],
                    step["by"],
                    step["reason"],
                    step["rule"],
                    step["guideline"],
                    [(source["annotator"], source["quote"], source["since"]) for source in step["sources"]],
                )
                for step in each["decisions"]
            ],
        )
        for each in provenance_json(provenance_of(member=member(name), gold=gold, names=names))
    ]


def test_a_reviewer_who_asks_for_names_is_told_everything(article: Article) -> None:
    claim, actor = "We lost nine days", "Ingrid Solheim"
    both = [("ben", claim, ""), ("chi", claim, "")]
    linked = [("ben", f"{claim} → {actor}", ""), ("chi", f"{claim} → Solheim of", "")]
    assert [
        (label, quote, [(*step[:5], sorted(step[5])) for step in steps])
        for label, quote, steps in told("dora", article, names=True)
    ] == [
        ("claim", claim, [("unanimous", "dora", "", "", 1, both)]),
        ("actor", actor, [("disagreement", "dora", "As printed.", "Names whole.", 1, [("ben", actor, "")])]),
        ("made_by", f"{claim} → {actor}", [("unanimous", "dora", "", "", 1, linked)]),
    ]


def test_a_reader_is_told_numbers_instead_of_names(article: Article) -> None:
    shown = str(told("fay", article, names=True))

    assert ("actor", "Ingrid Solheim", [
        ("disagreement", "reviewer 1", "As printed.", "Names whole.", 1, [("annotator 1", "Ingrid Solheim", "")])
    ]) in told("fay", article)  # fmt: skip
    assert not {"ben", "chi", "dora"} & set(shown.replace("'", " ").split())


def test_an_annotator_is_told_only_of_the_own_work(article: Article) -> None:
    steps = {label: [step[5] for step in steps] for label, _quote, steps in told("chi", article)}

    assert steps["actor"] == [[]]
    assert steps["claim"] == [[("annotator 2", "We lost nine days", "")]]
    assert "annotator 1" not in str(told("chi", article))


def test_what_an_annotator_changed_or_deleted_since_is_shown_as_it_was(
    article: Article, people: dict[str, User]
) -> None:
    owner = AnnotationSet.objects.get(annotator=people["ben"])
    actor, claim = (Span.objects.get(annotation_set=owner, label__key=key) for key in ("actor", "claim"))
    move_set(actor=people["dora"], annotation_set_id=owner.pk, action="return", reason="Look.")
    changes = [
        factories.put_span("actor", at("Ingrid"), uuid=actor.pk, base=actor.revision),
        factories.put_span("claim", at("And no one won"), uuid=claim.pk, base=claim.revision),
    ]
    apply_changes(actor=people["ben"], annotation_set_id=owner.pk, changes=changes)

    found = {label: steps for label, _quote, steps in told("dora", article, names=True)}
    assert found["actor"][0][5] == [("ben", "Ingrid Solheim", "changed")]
    assert ("ben", "We lost nine days", "changed") in found["claim"][0][5]


def test_gold_drawn_by_hand_says_by_whom(article: Article, people: dict[str, User]) -> None:
    gold = AnnotationSet.objects.get(kind=SetKind.GOLD)
    apply_changes(actor=people["ada"], annotation_set_id=gold.pk, changes=[factories.put_span("location", at("Oslo"))])

    assert ("location", "Oslo", [("edit", "ada", "", "", 1, [])]) in told("dora", article)
    assert Decision.objects.filter(kind="edit").count() == 1
