"""The fault campaign's short form: twenty kills, with cuts, a full disk, a new version and a jumping clock between."""

from __future__ import annotations

import pytest

from tests.torture.campaign import run

pytestmark = pytest.mark.browser


def test_nothing_is_lost_or_doubled_while_everything_is_killed_in_turn() -> None:
    result = run(kills=20, changes=400, clients=3, seed=1, tell=lambda _line: None)
    print("\n".join(result.lines()))  # noqa: T201 - pytest shows it when the test fails
    assert result.is_clean
    assert sum(count for name, count in result.done.items() if name.endswith("killed")) == 20
    assert result.answered >= 400
    assert result.again > 0
    assert result.labelled > 0
