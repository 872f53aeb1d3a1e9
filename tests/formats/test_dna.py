"""Discourse Network Analyzer: whole as SQLite sees it, and files made by DNA itself."""

from __future__ import annotations

import base64
import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.formats.documents import FIXTURE, WITHOUT_SPANS, documents_in, read, wikinews, write


def test_the_database_keeps_all_its_promises(tmp_path: Path) -> None:
    path = tmp_path / "d.dna"
    path.write_bytes(write("dna", FIXTURE, WITHOUT_SPANS))
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        rows = database.execute(
            "SELECT v.Variable, e.Value FROM DATASHORTTEXT d JOIN VARIABLES v ON v.ID = d.VariableId"
            " JOIN ENTITIES e ON e.ID = d.Entity JOIN STATEMENTS s ON s.ID = d.StatementId WHERE s.StatementTypeId = 1"
        )
        assert dict(rows) == {
            "actor": "Ana Ruiz", "location": "", "concept": "", "label": "claim", "form": "direct",
            "stance": "supports",
        }  # fmt: skip
        assert database.execute("SELECT Start, Stop FROM STATEMENTS WHERE StatementTypeId = 1").fetchall() == [(0, 79)]
        assert database.execute("SELECT Value FROM DATABOOLEAN").fetchall() == [(1,)]
        assert [name for (name,) in database.execute("SELECT Name FROM CODERS ORDER BY ID")] == [
            "Admin", "ben", "gold", "suggestion: dictionary",
        ]  # fmt: skip


def test_the_password_of_the_file_is_one_that_dna_accepts(tmp_path: Path) -> None:
    path = tmp_path / "d.dna"
    path.write_bytes(write("dna", FIXTURE))
    with closing(sqlite3.connect(path)) as database:
        kept = base64.b64decode(database.execute("SELECT Password FROM CODERS WHERE ID = 1").fetchone()[0])
    salt, found = kept[:16], kept[16:]
    digest = salt + b"newsapp"
    for _ in range(100_000):
        digest = hashlib.sha256(digest).digest()
    assert digest == found


def test_the_same_documents_give_the_same_bytes() -> None:
    assert write("dna", FIXTURE, WITHOUT_SPANS) == write("dna", FIXTURE, WITHOUT_SPANS)


# As DNA fills a new database: its own type of statement, person, organization, concept and agreement.
FOREIGN = """
DELETE FROM STATEMENTS; DELETE FROM DOCUMENTS; DELETE FROM VARIABLES; DELETE FROM STATEMENTTYPES; DELETE FROM CODERS;
DELETE FROM ENTITIES; DELETE FROM DATABOOLEAN; DELETE FROM DATASHORTTEXT; DELETE FROM DATALONGTEXT;
INSERT INTO CODERS (ID, Name, Password) VALUES (1, 'Admin', ''), (2, 'Chi', '');
INSERT INTO STATEMENTTYPES VALUES (7, 'DNA Statement', 239, 208, 51);
INSERT INTO VARIABLES VALUES (1, 'person', 'short text', 7), (2, 'organization', 'short text', 7),
  (3, 'concept', 'short text', 7), (4, 'agreement', 'boolean', 7), (5, 'memo', 'long text', 7);
INSERT INTO DOCUMENTS VALUES (4, 'Rates', '🙂 Ana Ruiz of the Bank said: no.', 2, 'Eve', 'Sum', '', 'see p. 3', 'print', 1500336000);
INSERT INTO STATEMENTS VALUES (9, 7, 4, 30, 33, 2);
INSERT INTO ENTITIES (ID, VariableId, Value) VALUES (1, 1, 'Ana Ruiz'), (2, 2, 'World Bank'), (3, 3, 'higher rates');
INSERT INTO DATASHORTTEXT VALUES (1, 9, 1, 1), (2, 9, 2, 2), (3, 9, 3, 3);
INSERT INTO DATABOOLEAN VALUES (1, 9, 4, 0);
INSERT INTO DATALONGTEXT VALUES (1, 9, 5, 'sure?');
"""


def test_a_file_of_dna_itself_is_read_with_its_coder_and_actors_where_they_are_named(tmp_path: Path) -> None:
    path = tmp_path / "d.dna"
    path.write_bytes(write("dna", WITHOUT_SPANS))
    with closing(sqlite3.connect(path)) as database:
        database.executescript(FOREIGN)
    [document] = documents_in(read("dna", path.read_bytes()))
    assert (document.id, document.title, document.author, document.outlet, document.published_at) == (
        "dna-4", "Rates", "Eve", "Sum", "2017-07-18",
    )  # fmt: skip
    assert document.metadata == {"notes": "see p. 3", "type": "print"}
    [one] = document.annotation_sets
    assert (one.kind, one.annotator) == ("annotator", "Chi")
    assert [(span.label, span.quote, span.entity, dict(span.attributes)) for span in one.spans] == [
        ("claim", "no.", "higher rates", {"organization": "World Bank", "stance": "opposes", "memo": "sure?"}),
        ("actor", "Ana Ruiz", "Ana Ruiz", {}),
    ]
    assert [(link.label, link.source, link.target) for link in one.relations] == [("made_by", "s9", "s9.person")]


def test_real_articles_come_back() -> None:
    documents = documents_in(read("jsonl", wikinews()))
    back = documents_in(read("dna", write("dna", *documents)))
    assert [document.id for document in back] == [document.id for document in documents]
    links = [sum(len(one.relations) for each in found for one in each.annotation_sets) for found in (documents, back)]
    assert links[0] == links[1] == 207
