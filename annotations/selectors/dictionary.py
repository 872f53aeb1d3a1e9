"""What a project has learnt of the phrases of a text, less what it learnt from the text itself and its copies.

Offsets are code points, half open.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from django.db.models import Q

from annotations.models import Article
from annotations.models.prepared import rows
from annotations.suggesters.phrases import MOST_CHARACTERS, MOST_TOKENS, Dictionary, Entry
from annotations.suggesters.words import tokenise

_MOST_LOOKED_UP: Final = 20_000
"""A longer text asks for the whole dictionary: so many phrases at once take the database longer than reading it."""


# By hand: with thousands of phrases Django would take longer to write the query than the database to answer it.
_COUNTED: Final = """
SELECT l.phrase, label.key, sum(l.labelled), sum(l.occurrences)
  FROM annotations_learntphrase l JOIN annotations_label label ON label.id = l.label_id
 WHERE l.project_id = %(project)s {} AND l.article_id <> ALL(%(without)s::uuid[])
 GROUP BY l.phrase, label.key HAVING sum(l.labelled) > 0 ORDER BY l.phrase, label.key
"""
# As one text: thousands of values would be estimated one by one, which takes longer than finding them.
_JOINER: Final = "\x1f"
_WANTED: Final = "AND l.phrase IN (SELECT unnest(string_to_array(%(phrases)s, chr(31))))"


def dictionary_for(article: Article) -> Dictionary:
    """What is known of the article's phrases from the project's other articles.

    Nothing of what was labelled in the article or in a copy of it: a blind annotator is told nothing of it.
    """
    return Dictionary(entries_of(article.project_id, article.text, without=copies_of(article)))


def entries_of(project_id: UUID, text: str | None, *, without: Collection[UUID] = ()) -> list[Entry]:
    """The entries of a project that were labelled somewhere; with a text only its phrases, less those of articles."""
    wanted = None if text is None else _phrases(text)
    sql = _COUNTED.format("" if wanted is None else _WANTED)
    values = {"project": project_id, "phrases": _JOINER.join(wanted or ()), "without": list(without)}
    return [
        Entry(phrase=phrase, label=label, labelled=labelled, occurrences=occurrences)
        for phrase, label, labelled, occurrences in rows(sql, values)
    ]


def copies_of(article: Article) -> list[UUID]:
    """The article itself, those with the same text, near copies of it, and copies of those."""
    articles = Article.objects.filter(project=article.project_id)
    alike = Q(text_sha256=article.text_sha256)
    if article.cluster:
        alike |= Q(cluster=article.cluster)
    digests, clusters = set(), set()
    for digest, cluster in articles.filter(alike).values_list("text_sha256", "cluster"):
        digests.add(digest)
        clusters.add(cluster)
    copies = articles.filter(Q(text_sha256__in=digests) | Q(cluster__in=clusters - {None}))
    return list(copies.values_list("pk", flat=True))


def _phrases(text: str) -> list[str] | None:
    """Every run of tokens that may be a phrase; None when there are too many to ask for one by one."""
    line = " ".join(text.split())  # as phrases have it: each run of white space is one space
    tokens = tokenise(line)
    if len(tokens) * MOST_TOKENS > _MOST_LOOKED_UP:
        return None
    found = set()
    for first, start in enumerate(tokens.starts):
        found |= {line[start:end] for end in tokens.ends[first : first + MOST_TOKENS] if end - start <= MOST_CHARACTERS}
    return sorted(found)
