"""Any document goes out and comes back in every format that does both, or the difference was counted.

`NEWSAPP_FUZZ=1000` tries that many documents with each format instead of the few of an ordinary run.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings

from annotations.domain.documents import Document
from annotations.formats import READERS, WRITERS, Loss, Losses, WriteOptions
from tests.formats.documents import documents, documents_in, read
from tests.formats.expected import PLAIN, comparable

EXAMPLES = int(os.environ.get("NEWSAPP_FUZZ", "30"))
BOTH_WAYS = sorted(READERS.keys() & WRITERS.keys())


@pytest.mark.parametrize("key", BOTH_WAYS)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(document=documents())
def test_what_comes_back_is_what_went_out_or_was_counted(key: str, document: Document) -> None:
    losses = Losses()
    data = b"".join(WRITERS[key]([document], WriteOptions(losses=losses)))
    [back] = documents_in(read(key, data))
    if losses.keys() <= PLAIN:
        assert comparable(back, losses) == comparable(document, losses)
    else:
        assert back.id == document.id
        assert back.text == document.text or Loss.CONTROL in losses


@pytest.mark.parametrize("key", BOTH_WAYS)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(document=documents())
def test_what_came_back_once_loses_nothing_further(key: str, document: Document) -> None:
    first = b"".join(WRITERS[key]([document], WriteOptions()))
    [back] = documents_in(read(key, first))
    losses = Losses()
    second = b"".join(WRITERS[key]([back], WriteOptions(losses=losses)))
    assert documents_in(read(key, second)) == [back]
    assert losses.keys() <= PLAIN | {Loss.SPLIT}
