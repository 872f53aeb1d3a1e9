"""What a file hides inside a cell or a Doc's own data is checked like the file itself."""

from __future__ import annotations

import zipfile
from io import BytesIO

import orjson
import pytest

from annotations.domain.documents import AnnotationSet, Document, Span
from annotations.formats import READERS, WRITERS, ReadOptions, WriteOptions

TEXT = "Ana Ruiz of the Bank of Spain said in Madrid."
SPAN = Span(id="s", label="claim", fragments=((0, 8),), attributes={"stance": "PLAIN"})
DOCUMENT = Document(id="d", text=TEXT, annotation_sets=[AnnotationSet(kind="gold", state="done", spans=[SPAN])])


@pytest.mark.parametrize("form", ["webanno", "cas-json", "cas-xmi"])
def test_a_nul_in_attributes_is_a_problem(form: str) -> None:
    """An escape of JSON hides it from whoever looks at the bytes."""
    data = b"".join(WRITERS[form]([DOCUMENT], WriteOptions()))
    changed = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as archive, zipfile.ZipFile(changed, "w") as written:
        for name in archive.namelist():
            content = archive.read(name)
            # In CAS JSON the attributes are JSON within JSON, where the escape's backslash is escaped itself.
            nul = b"\\\\u0000" if form == "cas-json" else b"\\u0000"
            written.writestr(name, content.replace(b"PLAIN", b"PL" + nul + b"IN"))
    changed.seek(0)
    items = list(READERS[form](changed, ReadOptions(name="a.zip", kind="gold")))
    assert [item.document for item in items if item.document and item.document.annotation_sets[0].spans] == []
    assert any("NUL" in item.problem for item in items), items


@pytest.mark.parametrize(
    "data",
    [
        {"spans": None}, {"spans": 5}, {"spans": [{"id": []}]}, {"set": 5}, {"set": "kind"}, {"set": []},
        {"spans": [{"id": "claim-1", "fragments": 5}]}, {"spans": [{"id": "claim-1", "fragments": [5]}]},
    ],
    ids=str,
)  # fmt: skip
def test_odd_data_of_a_doc_is_a_problem_or_passed_over(data: dict[str, object]) -> None:
    spacy = pytest.importorskip("spacy")
    doc = spacy.blank("xx")("Ana Ruiz")
    doc.spans["sc"] = [spacy.tokens.Span(doc, 0, 2, label="claim")]
    doc.user_data["newsapp"] = orjson.dumps(data).decode()
    packed = spacy.tokens.DocBin(attrs=["ORTH", "SPACY"], store_user_data=True, docs=[doc]).to_bytes()
    [item] = READERS["spacy"](BytesIO(packed), ReadOptions(name="a.spacy", kind="gold"))
    if item.document is None:
        assert item.problem.endswith(".")
    elif item.document.annotation_sets:
        [span] = item.document.annotation_sets[0].spans
        assert (span.label, span.fragments) == ("claim", ((0, 8),))
