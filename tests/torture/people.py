"""Makes the project of a campaign, in the site's own environment: `python -m tests.torture.people PEOPLE ARTICLES`.

Prints one JSON object: names with their tokens.
"""

from __future__ import annotations

import json
import os
import sys
from io import BytesIO

import django

SLUG = "torture"
WORDS = 400
"""An article has so many words of three letters, each of which can be labelled."""


def main(people: int, articles: int) -> None:
    """Ada manages; the others annotate, one to an article."""
    from annotations.models import Membership, Role, User
    from annotations.services import accounts
    from annotations.services.imports import import_documents
    from annotations.services.projects import create_project

    ada = User.objects.get(username="ada")
    User.objects.filter(pk=ada.pk).update(may_create_projects=True)
    ada.refresh_from_db()
    project = create_project(actor=ada, name="Torture", slug=SLUG, annotators_per_article=1, suggestions=False)
    text = "Oslo " + "abc " * WORDS
    lines = b"\n".join(
        json.dumps({"id": f"{number:05}", "text": f"{number:05} {text}"}).encode() for number in range(articles)
    )
    import_documents(actor=ada, project=project, stream=BytesIO(lines), format="jsonl")
    tokens = {}
    for name in ["ada", "ben", *(f"person{number}" for number in range(people))]:
        user = User.objects.filter(username=name).first() or User.objects.create_user(username=name)
        Membership.objects.get_or_create(project=project, user=user, defaults={"role": Role.ANNOTATOR})
        tokens[name] = accounts.create_token(user=user, name="torture")[1]
    print(json.dumps(tokens))  # noqa: T201 - what the campaign reads


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsapp.settings")
    django.setup()
    main(int(sys.argv[1]), int(sys.argv[2]))
