"""Parquet: a row for each annotation set (or article without any), spans and relations as nested lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import orjson

from annotations.domain.documents import AnnotationSet, Document
from annotations.formats.items import WriteOptions
from annotations.formats.reading import ARTICLE_TEXTS
from annotations.formats.set_archives import SET_KEYS
from annotations.formats.writing import mapping_of, set_order

ROWS_IN_A_GROUP: Final = 200
# Of ours, those that are told apart by a prefix from an article's.
_SET_COLUMNS: Final = {key: f"set_{key}" for key in SET_KEYS}


def write(documents: Iterable[Document], options: WriteOptions) -> Iterator[bytes]:
    """The file, a row group at a time."""
    if options.counting_only:  # nothing is lost
        for _document in documents:
            yield b""
        return
    import pyarrow as pa  # type: ignore[import-untyped]
    from pyarrow import parquet

    schema = _schema()
    sink = _Sink()
    rows: list[dict[str, Any]] = []
    with parquet.ParquetWriter(pa.PythonFile(sink, mode="w"), schema, compression="zstd") as file:
        for document in documents:
            sets = sorted(document.annotation_sets, key=set_order)
            rows += [_row(document, one) for one in sets] if sets else [_row(document, None)]
            if len(rows) >= ROWS_IN_A_GROUP:
                file.write_table(pa.Table.from_pylist(rows, schema=schema))
                rows.clear()
            yield sink.take()
        if rows:
            file.write_table(pa.Table.from_pylist(rows, schema=schema))
    yield sink.take()


class _Sink:
    """A file that is only written forward; what was written waits to be taken."""

    closed = False

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self._pieces.append(piece)
        self._size += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self._size

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def close(self) -> None:
        """The last pieces are still to be taken."""

    def take(self) -> bytes:
        data = b"".join(self._pieces)
        self._pieces.clear()
        return data


def _schema() -> Any:
    import pyarrow as pa

    text, number = pa.string(), pa.int32()
    fragment = pa.struct([("start", number), ("end", number)])
    attribute = pa.struct([("name", text), ("value", text)])
    span = pa.struct(
        [
            ("id", text), ("label", text), ("fragments", pa.list_(fragment)), ("quote", text), ("entity", text),
            ("attributes", pa.list_(attribute)), ("note", text), ("origin", text), ("score", pa.float64()),
            ("sources", pa.list_(text)),
        ]
    )  # fmt: skip
    relation = pa.struct([("id", text), ("label", text), ("source", text), ("target", text)])
    texts = ["id", ARTICLE_TEXTS[0], "text", *ARTICLE_TEXTS[1:], "metadata"]
    of_set = [(column, number if key == "guideline" else text) for key, column in _SET_COLUMNS.items()]
    return pa.schema(
        [*((name, text) for name in texts), *of_set, ("spans", pa.list_(span)), ("relations", pa.list_(relation))]
    )


def _row(document: Document, one: AnnotationSet | None) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(document, name) or None for name in ARTICLE_TEXTS}
    metadata = orjson.dumps(dict(document.metadata), option=orjson.OPT_SORT_KEYS).decode()
    row |= {"id": document.id, "text": document.text or None, "metadata": metadata if document.metadata else None}
    if one is None:
        return row
    [raw] = mapping_of(Document(id="", text=document.text, annotation_sets=(one,)))["annotation_sets"]
    row |= {column: raw.get(key) for key, column in _SET_COLUMNS.items()}
    row["spans"] = [_span(span) for span in raw.get("spans", ())]
    row["relations"] = raw.get("relations", [])
    return row


def _span(raw: dict[str, Any]) -> dict[str, Any]:
    return {
        **raw,
        "fragments": [{"start": start, "end": end} for start, end in raw["fragments"]],
        "attributes": [{"name": name, "value": value} for name, value in raw.get("attributes", {}).items()],
    }
