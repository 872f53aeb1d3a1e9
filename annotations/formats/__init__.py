"""File formats: bytes to domain documents and back; no Django, no database.

Adding one: a module, a line in the dict, golden files in tests/formats/golden, a row in docs/formats.md.
"""

from __future__ import annotations

from typing import Final

from annotations.formats import (
    brat,
    cas,
    conll,
    dna,
    doccano,
    html,
    jsonl,
    label_studio,
    networks,
    parquet,
    prodigy,
    spacy_docs,
    statements,
    tables,
    text,
    web_annotations,
    webanno,
)
from annotations.formats.compression import unpacked
from annotations.formats.detection import detect_file, detect_format
from annotations.formats.items import Item, Reader, ReadOptions, WriteOptions, Writer
from annotations.formats.losses import Loss, Losses

__all__ = [
    "ENDINGS",
    "LOSSLESS",
    "MEDIA_TYPES",
    "NAMES",
    "READERS",
    "WRITERS",
    "Item",
    "Loss",
    "Losses",
    "ReadOptions",
    "Reader",
    "WriteOptions",
    "Writer",
    "detect_file",
    "detect_format",
]

_READERS: Final[dict[str, Reader]] = {
    "jsonl": jsonl.read,
    "text": text.read,
    "csv": tables.read_csv,
    "tsv": tables.read_tsv,
    "brat": brat.read,
    "doccano": doccano.read,
    "label-studio": label_studio.read,
    "spacy": spacy_docs.read,
    "web-annotation": web_annotations.read,
    "webanno": webanno.read,
    "cas-xmi": cas.read_xmi,
    "cas-json": cas.read_json,
    "html": html.read,
    "dna": dna.read,
}
# Each takes its files packed with gzip, too.
READERS: Final[dict[str, Reader]] = {key: unpacked(reader) for key, reader in _READERS.items()}
WRITERS: Final[dict[str, Writer]] = {
    "jsonl": jsonl.write,
    "csv": tables.write_csv,
    "tsv": tables.write_tsv,
    "brat": brat.write,
    "doccano": doccano.write,
    "label-studio": label_studio.write,
    "prodigy": prodigy.write,
    "conll": conll.write,
    "spacy": spacy_docs.write,
    "web-annotation": web_annotations.write,
    "webanno": webanno.write,
    "cas-xmi": cas.write_xmi,
    "cas-json": cas.write_json,
    "parquet": parquet.write,
    "dna": dna.write,
    "statements": statements.write_table,
    "graphml": networks.write_claims,
    "graphml-congruence": networks.write_congruence,
    "graphml-conflict": networks.write_conflict,
}
# These keep everything: there is nothing to count.
LOSSLESS: Final = frozenset(("jsonl", "csv", "tsv"))
MEDIA_TYPES: Final = {
    "jsonl": "application/jsonl",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values",
    "brat": "application/zip",
    "doccano": "application/jsonl",
    "label-studio": "application/json",
    "prodigy": "application/jsonl",
    "conll": "application/zip",
    "spacy": "application/zip",
    "web-annotation": "application/ld+json",
    "webanno": "application/zip",
    "cas-xmi": "application/zip",
    "cas-json": "application/zip",
    "parquet": "application/vnd.apache.parquet",
    "dna": "application/vnd.sqlite3",
    "statements": "text/csv; charset=utf-8",
    "graphml": "application/graphml+xml",
    "graphml-congruence": "application/graphml+xml",
    "graphml-conflict": "application/graphml+xml",
}
# What the name of an exported file ends with.
ENDINGS: Final = {
    "jsonl": "jsonl",
    "csv": "csv",
    "tsv": "tsv",
    "brat": "brat.zip",
    "doccano": "doccano.jsonl",
    "label-studio": "label-studio.json",
    "prodigy": "prodigy.jsonl",
    "conll": "conll.zip",
    "spacy": "spacy.zip",
    "web-annotation": "web-annotation.jsonld",
    "webanno": "webanno.zip",
    "cas-xmi": "cas-xmi.zip",
    "cas-json": "cas-json.zip",
    "parquet": "parquet",
    "dna": "dna",
    "statements": "statements.csv",
    "graphml": "graphml",
    "graphml-congruence": "congruence.graphml",
    "graphml-conflict": "conflict.graphml",
}
# What pages call them.
NAMES: Final = {
    "jsonl": "JSON Lines",
    "text": "Plain text, or a zip of texts",
    "csv": "CSV",
    "tsv": "TSV",
    "brat": "brat standoff (zip)",
    "doccano": "doccano (JSON Lines)",
    "label-studio": "Label Studio (JSON)",
    "prodigy": "Prodigy (JSON Lines)",
    "conll": "CoNLL-2003 (zip)",
    "spacy": "spaCy DocBin (zip)",
    "web-annotation": "W3C Web Annotation (JSON-LD)",
    "webanno": "WebAnno TSV 3.3, for INCEpTION (zip)",
    "cas-xmi": "UIMA CAS as XMI (zip)",
    "cas-json": "UIMA CAS as JSON (zip)",
    "parquet": "Parquet",
    "html": "Web pages (HTML, or a zip of them)",
    "dna": "Discourse Network Analyzer 3 (SQLite)",
    "statements": "Statements (CSV)",
    "graphml": "Network of actors and claims (GraphML)",
    "graphml-congruence": "Network of actors who agree (GraphML)",
    "graphml-conflict": "Network of actors in conflict (GraphML)",
}
