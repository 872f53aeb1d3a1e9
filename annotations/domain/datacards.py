"""The data card of a release: for people in Markdown, for programs as Croissant (JSON-LD)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

CROISSANT: Final = "http://mlcommons.org/croissant/1.0"
_SETS: Final = {
    "gold": "gold: what reviewers decided",
    "annotators": "the work of each annotator",
    "suggestions": "suggestions of engines, which nobody has checked",
    "all": "gold, the work of each annotator, and suggestions",
    "majority": "the majority: what more than half of an article's annotators chose",
}
_LEVELS: Final = {
    "full": "are whole.",
    "hash": "are left out. `metadata.text_sha256` and `url` say which they were; `rebuild_texts.py` puts them back.",
    "quotes": "are left out; quotes are cut short. `metadata.text_sha256` and `url` say which they were; "
    "`rebuild_texts.py` puts them back.",
    "scrambled": "have their letters scrambled; offsets are those of the texts they were made from, whose SHA-256 is "
    "`metadata.text_sha256`.",
}
_NESTED: Final = ("metadata", "annotation_sets")
"""Columns whose values are no text: who reads them reads the JSON."""
_ROWS: Final = (
    "id", "set_kind", "annotator", "span_id", "label", "start", "end", "quote", "relation", "relation_source",
    "relation_target",
)  # fmt: skip
_OWN_LICENCES: Final = "The articles have licences of their own, which each article names:"
_MEASURES: Final = {
    "f1_exact": "F1, exact",
    "f1_overlap": "F1, overlap",
    "alpha_characters": "Krippendorff's α, characters",
    "alpha_tokens": "Krippendorff's α, tokens",
    "relation_f1_exact": "relations, F1, exact",
    "statement_f1": "statements, F1",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file of a release; `losses` are sentences about what its format cannot carry."""

    name: str
    sha256: str
    size: int
    format: str = ""
    media_type: str = ""
    losses: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a card tells. `counts` as `Tally.as_json`; `agreement` rows `{measure, label, value, low, high, …}`."""

    slug: str
    title: str
    description: str
    query: Mapping[str, Any]
    counts: Mapping[str, Any]
    columns: Sequence[str]
    licences: Mapping[str, int]
    outlets: int
    days: tuple[str, str]
    guideline: int | None
    labels: Sequence[Mapping[str, Any]]
    relation_labels: Sequence[Mapping[str, Any]]
    agreement: Sequence[Mapping[str, Any]]
    files: Sequence[File]

    @property
    def sets(self) -> str:
        """What the release is of: gold, annotators …"""
        return str(self.query["sets"])

    @property
    def data(self) -> File:
        """The native file, which has everything."""
        return self.files[0]


def card_of(facts: Facts) -> str:
    """The card in Markdown."""
    parts = [
        f"# {_plain(facts.title)}",
        _plain(facts.description),
        _first(facts),
        "## What is in it",
        _what(facts),
        _labels(facts),
        "## Texts and licences",
        f"The texts {_LEVELS[facts.query.get('text', 'full')]} {_OWN_LICENCES}",
        _table(("licence", "articles"), facts.licences.items()),
        "## How it was made",
        _made(facts),
        *_agreement(facts),
        "## Files",
        _files(facts),
        "## How to cite",
        cite(facts),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def cite(facts: Facts) -> str:
    """The release in a sentence; the checksum says which one, whatever it was called."""
    return f"{_plain(facts.title)}: {facts.sets}. Data set, made with Newsapp. SHA-256 of the data {facts.data.sha256}."


def _first(facts: Facts) -> str:
    articles, spans, relations = (f"{facts.counts[name]:,} {name}" for name in ("articles", "spans", "relations"))
    return f"{articles} with {spans} and {relations}. They are {_SETS[facts.sets]}."


def _what(facts: Facts) -> str:
    counts, (first, last) = facts.counts, facts.days
    languages = ", ".join(f"{name} ({number:,})" for name, number in counts["languages"].items())
    rows = [("articles", f"{counts['articles']:,}"), ("characters", f"{counts['characters']:,}")]
    if languages:
        rows.append(("languages", languages))
    if facts.outlets:
        rows.append(("outlets", f"{facts.outlets:,}"))
    if first:
        rows.append(("published", first if first == last else f"{first} to {last}"))
    rows.append(("annotation sets", f"{counts['annotation_sets']:,}"))
    if counts["annotators"]:
        names = "under pseudonyms" if facts.query.get("pseudonyms") else "by name"
        rows.append(("annotators", f"{counts['annotators']:,}, {names}"))
    if counts["splits"]:
        shares = ", ".join(f"{name} {number:,}" for name, number in counts["splits"].items())
        rows.append(("split", f"{shares} (`metadata.split`; near copies are never parted)"))
    return _table(("what", "how much"), rows)


def _labels(facts: Facts) -> str:
    spans, relations = facts.counts["spans_by_label"], facts.counts["relations_by_label"]
    rows = [(_plain(each["name"]), f"`{each['key']}`", spans.get(each["key"], 0)) for each in facts.labels]
    links = [
        (_plain(each["name"]), f"`{each['key']}`", relations.get(each["key"], 0)) for each in facts.relation_labels
    ]
    return _table(("label", "key", "in the data"), [*rows, *links])


def _made(facts: Facts) -> str:
    version = f"version {facts.guideline} of the guideline (`guideline.md`)" if facts.guideline else "no guideline"
    asked = ", ".join(f"{name} = {value}" for name, value in sorted(facts.query.items()))
    return f"Labelled under {version}. Asked for: {_plain(asked)}. Offsets are code points, end-exclusive."


def _agreement(facts: Facts) -> list[str]:
    rows = [
        (_MEASURES[row["measure"]], f"{row['value']:.2f}", _interval(row), f"{row['articles']:,}")
        for row in facts.agreement
        if row["label"] is None and row["measure"] in _MEASURES and row["value"] is not None
    ]
    if not rows:
        return ["## Agreement", "No article was submitted by two annotators."]
    return ["## Agreement", _table(("measure", "value", "95 % interval", "articles"), rows), "All: `agreement.json`."]


def _interval(row: Mapping[str, Any]) -> str:
    return "–" if row["low"] is None else f"{row['low']:.2f} to {row['high']:.2f}"


def _files(facts: Facts) -> str:
    table = _table(
        ("file", "bytes", "SHA-256"), [(f"`{each.name}`", f"{each.size:,}", f"`{each.sha256}`") for each in facts.files]
    )
    losses = [f"- `{each.name}`: {sentence}" for each in facts.files for sentence in each.losses]
    return f"{table}\n\nWhat the formats cannot carry:\n\n" + "\n".join(losses) if losses else table


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def _plain(text: str) -> str:
    """Text in one line."""
    return " ".join(text.split())


def croissant_of(facts: Facts) -> dict[str, Any]:
    """The same as Croissant 1.0; files stand beside it."""
    data = facts.data
    found: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CROISSANT,
        "name": f"{facts.slug}-{facts.sets}",
        "description": _plain(facts.description) or f"News articles with {_SETS[facts.sets]}.",
        "license": sorted(facts.licences),
        "citeAs": cite(facts),
        "version": f"1.0.0+{data.sha256[:12]}",
        "inLanguage": sorted(language for language in facts.counts["languages"] if language != "unknown"),
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": each.name,
                "name": each.name,
                "contentUrl": each.name,
                "contentSize": f"{each.size} B",
                "encodingFormat": "application/jsonlines" if each.format == "jsonl" else each.media_type,
                "sha256": each.sha256,
            }
            for each in facts.files
            if each.format
        ],
    }
    if facts.counts["articles"]:
        found["recordSet"] = [
            _records("articles", data, ["id", *(each for each in facts.columns if each not in _NESTED)])
        ]
        found["recordSet"] += [_records("rows", each, _ROWS) for each in facts.files if each.format == "csv"]
    return found


def _records(name: str, file: File, columns: Sequence[str]) -> dict[str, Any]:
    """The records of a file: articles, or rows of a table (fragments of spans, and relations)."""
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{name}/{column}",
                "name": column,
                "dataType": "sc:Integer" if column in {"start", "end"} else "sc:Text",
                "source": {"fileObject": {"@id": file.name}, "extract": {"column": column}},
            }
            for column in columns
        ],
    }


# The standard's own context.
_CONTEXT: Final = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    **{
        name: f"cr:{name}"
        for name in (
            "citeAs", "column", "equivalentProperty", "extract", "field", "fileProperty", "fileObject", "fileSet",
            "format", "includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet",
            "references", "regex", "repeated", "replace", "samplingRate", "separator", "source", "subField",
            "transform",
        )
    },
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
}  # fmt: skip
