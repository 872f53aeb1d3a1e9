"""An optional engine: the named entities of any spaCy pipeline that the operator has installed.

spaCy is no library of ours. It is looked for when the engine is made, and a pipeline is loaded once a process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final

from annotations.domain.errors import NewsappError
from annotations.suggesters.proposals import ACTOR, LOCATION, Context, Engine, Proposal
from annotations.suggesters.words import is_whole

# The entity labels of spaCy's own pipelines, English and others; a pipeline with labels of its own brings its mapping.
ENTITY_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "PERSON": ACTOR,
        "PER": ACTOR,
        "ORG": ACTOR,
        "NORP": ACTOR,
        "GPE": LOCATION,
        "LOC": LOCATION,
        "FAC": LOCATION,
    }
)
SCORE: Final = 0.7
"""spaCy gives no score for an entity."""


class NoPipeline(NewsappError):
    """spaCy or the pipeline is not installed; `detail` says which, and what to do."""


def spacy_engine(pipeline: str, labels: Mapping[str, str] = ENTITY_LABELS) -> Engine:
    """The engine `spacy:PIPELINE`; `labels` says which entity label becomes which label, others are left out."""
    return engine_of(_loaded(pipeline), name=f"spacy:{pipeline}", labels=labels)


def engine_of(process: Callable[[str], Any], *, name: str, labels: Mapping[str, str] = ENTITY_LABELS) -> Engine:
    """An engine of what spaCy calls a `Language`: called with a text it gives a document with `ents`."""
    meta: Mapping[str, object] = getattr(process, "meta", {})
    version = str(meta.get("version", ""))

    def propose(context: Context) -> Iterator[Proposal]:
        if len(context.text) > getattr(process, "max_length", len(context.text)):
            return
        for entity in process(context.text).ents:
            start, end = entity.start_char, entity.end_char  # code points, as ours
            label = labels.get(entity.label_)
            if label and start < end and is_whole(context.text, start, end):
                yield Proposal(engine=name, version=version, label=label, fragments=((start, end),), score=SCORE)

    return Engine(name=name, version=version, propose=propose)


@cache
def _loaded(pipeline: str) -> Callable[[str], Any]:
    try:
        spacy: Any = import_module("spacy")
    except ImportError:
        raise NoPipeline(
            f"The pipeline {pipeline} needs spaCy, which is not installed: add it to the environment of the server."
        ) from None
    try:
        loaded: Callable[[str], Any] = spacy.load(pipeline)
    except OSError:
        raise NoPipeline(f"spaCy has no pipeline {pipeline}: install it, or name another.") from None
    return loaded
