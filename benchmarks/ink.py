"""How soon after the mouse button is let go is the ink on the paper, and does anything hold the page up afterwards?"""

from __future__ import annotations

import random
from statistics import quantiles
from typing import Any, Final, NamedTuple

from benchmarks.rows import Row

MARKS: Final = 100
_MOST_MEDIAN: Final = 33
_MOST_LATE: Final = 50
_MOST_GROWTH: Final = 1.5
_MOST_BLOCKED: Final = 50
# Notes, in milliseconds: from each pointerup to the end of the frame with the new ink (or the segment that is in its
# place by then); and every task after a pointerup that holds the main thread for more than 50 ms.
_WATCH: Final = """() => {
  window.ink = [];
  window.blocked = [];
  const segments = document.getElementById('text').getElementsByClassName('s');
  const waiting = () => [...CSS.highlights].filter(([name]) => name.startsWith('waiting-'));
  const size = () => waiting().reduce((sum, [, {size}]) => sum + size, segments.length);
  let before = 0;
  addEventListener('pointerdown', () => { before = size(); window.up = Infinity; }, true);
  addEventListener('pointerup', ({timeStamp}) => {
    window.up = timeStamp;
    const look = () => {
      if (size() <= before) { requestAnimationFrame(look); return; }
      const {port1, port2} = new MessageChannel();
      port1.onmessage = () => { window.ink.push(performance.now() - timeStamp); };
      port2.postMessage(null);  // heard when the frame is done
    };
    requestAnimationFrame(look);
  }, true);
  new PerformanceObserver((list) => {
    for (const {startTime, duration} of list.getEntries()) {
      if (startTime + duration > window.up) window.blocked.push(duration);
    }
  }).observe({type: 'longtask'});
}"""
_SCROLL: Final = """(chance) => {
  const paragraphs = [...document.getElementById('text').children].filter(({textContent}) => textContent.length > 80);
  window.chosen = paragraphs[Math.floor(chance * paragraphs.length)];
  window.chosen.scrollIntoView({block: 'center'});
}"""
# A word that stands in no span: its box.
_WORD: Final = """() => {
  const walker = document.createTreeWalker(window.chosen, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest('.s')) continue;
    for (const found of node.data.matchAll(/(?<= )[a-z]{4,}(?= )/g)) {
      const range = document.createRange();
      range.setStart(node, found.index);
      range.setEnd(node, found.index + found[0].length);
      const {left, right, top, bottom} = range.getBoundingClientRect();
      const y = (top + bottom) / 2;
      if (y > 120 && y < innerHeight - 160) return [left, right, y];
    }
  }
  return null;
}"""


class Ink(NamedTuple):
    """Milliseconds: the middle and the 95th in a hundred of the marks, and the longest hold-up after one."""

    middle: float
    late: float
    blocked: float


def watch(page: Any) -> Ink:
    """Mark words on the open desk, each after the one before is saved."""
    chance = random.Random(1)
    page.evaluate(_WATCH)
    done = 0
    for _attempt in range(MARKS * 3):
        page.evaluate(_SCROLL, chance.random())
        page.wait_for_timeout(150)  # what comes into view may move the rest
        word = page.evaluate(_WORD)
        if word is None:
            continue
        left, right, y = word
        page.mouse.move(left + 2, y)
        page.mouse.down()
        page.mouse.move((left + right) / 2, y)
        page.mouse.move(right - 2, y)
        page.mouse.up()
        page.wait_for_timeout(150)
        page.locator("#state[data-state=saved]").wait_for()
        page.wait_for_timeout(250)  # what comes after the answer belongs to the mark
        page.evaluate("() => { window.up = Infinity; }")
        done += 1
        if done == MARKS:
            break
    times = page.evaluate("() => window.ink")
    if len(times) < MARKS:
        raise SystemExit(f"Only {len(times)} of {MARKS} marks were painted.")
    blocked = max(page.evaluate("() => window.blocked"), default=0)
    return Ink(quantiles(times, n=2)[0], quantiles(times, n=20)[-1], blocked)


def rows(found: dict[str, Ink]) -> list[Row]:
    """Rows of the table, for each size of article (the smallest first)."""
    smallest = next(iter(found.values())).middle
    made = []
    for size, ink in found.items():
        growth = ink.middle / smallest
        made += [
            Row(
                question=f"{size}: button up to ink, median",
                figure=f"{ink.middle:.0f} ms",
                floor=f"{smallest:.0f} ms",
                ratio=f"{growth:.1f} ×",
                target=f"< {_MOST_MEDIAN} ms, ≤ {_MOST_GROWTH} ×",
                met=ink.middle < _MOST_MEDIAN and growth <= _MOST_GROWTH,
            ),
            Row(
                question=f"{size}: button up to ink, 95th of {MARKS}",
                figure=f"{ink.late:.0f} ms",
                target=f"< {_MOST_LATE} ms",
                met=ink.late < _MOST_LATE,
            ),
            Row(
                question=f"{size}: longest hold-up after a mark",
                figure=f"{ink.blocked:.0f} ms" if ink.blocked else "none over 50 ms",
                target=f"≤ {_MOST_BLOCKED} ms",
                met=ink.blocked <= _MOST_BLOCKED,
            ),
        ]
    return made
