"""The demo project: invented articles, two annotators' work with disagreements of every kind, and five accounts."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.contrib.auth.hashers import make_password
from django.db import transaction

from annotations.models import Membership, Project, Role, User
from annotations.services.guidelines import publish_guideline
from annotations.services.imports import import_documents
from annotations.services.projects import create_project

SLUG: Final = "demo"
# Eve has an account and no membership: what she may not see can be tried out with her.
ACCOUNTS: Final = {
    "ada": Role.MANAGER,
    "ben": Role.ANNOTATOR,
    "chi": Role.ANNOTATOR,
    "dora": Role.REVIEWER,
    "eve": None,
}
_FOLDER: Final = Path(__file__).parent


def load_demo(*, password: str) -> bool:
    """Make the demo accounts, all with `password`, and the demo project, all or nothing.

    Returns whether it was made: on an installation that has accounts or projects already it is not.
    """
    with transaction.atomic():
        if User.objects.exists() or Project.objects.exists():
            return False
        hashed = make_password(password)
        people = {name: User.objects.create(username=name, password=hashed) for name in ACCOUNTS}
        ada = people["ada"]
        ada.may_create_projects = True
        ada.save(update_fields=["may_create_projects"])
        project = create_project(
            actor=ada,
            name="Demo: who said what, about where",
            slug=SLUG,
            description="Twelve invented articles about invented events, to try everything out.",
            annotators_per_article=2,
            suggestions=True,  # half of the articles stay without, so both kinds of desk can be seen
        )
        Membership.objects.bulk_create(
            Membership(project=project, user=people[name], role=role)
            for name, role in ACCOUNTS.items()
            if role and name != "ada"
        )
        manager = Membership.objects.select_related("project", "user").get(project=project, user=ada)
        publish_guideline(member=manager, markdown=(_FOLDER / "guideline.md").read_text("utf-8"))
        with (_FOLDER / "articles.jsonl").open("rb") as stream:
            import_documents(actor=ada, project=project, stream=stream, format="jsonl", name="articles.jsonl")
        return True
