"""Charts stand where their numbers say."""

from __future__ import annotations

from annotations.domain.charts import WIDTH, course, forest, heat_map, histogram, ranges, shown


def test_numbers_as_people_read_them() -> None:
    assert [shown(value) for value in (0.834, 1, -0.25, None)] == ["0.83", "1.00", "−0.25", "–"]


def test_a_forest_plot_begins_at_0_or_below_what_there_is() -> None:
    chart = forest([("Claim", 0.5, 0.25, 0.75, "/x", 2), ("Actor", None, None, None, "", 1)])
    row, nothing = chart.rows
    assert (row.low, row.point, row.high) == (
        chart.left + (chart.right - chart.left) / 4,
        chart.left + (chart.right - chart.left) / 2,
        chart.left + (chart.right - chart.left) * 3 / 4,
    )
    assert (nothing.value, nothing.text) == (None, "–")
    assert [tick.text for tick in chart.ticks] == ["0.00", "0.25", "0.50", "0.75", "1.00"]
    assert forest([("Claim", -0.2, -0.3, 0.1, "", 0)]).ticks[0].text == "−0.50"


def test_a_pair_is_on_both_sides_of_the_diagonal() -> None:
    chart = heat_map(["ben", "chi"], {(0, 1): (1.0, "ben + chi", "/x")})
    one, other = chart.cells
    assert (one.level, one.text, one.y, other.x) == (5, "1.00", other.y - 56, one.x - 56)
    assert heat_map([], {}).cells == []
    assert heat_map(["ben"] * 20, {(0, 15): (None, "", "")}).cells == []


def test_bars_are_percent_of_their_own_series() -> None:
    chart = histogram(("0", "1+"), [1, 1], [3, 1])
    assert [bar.text for bar in chart.bars] == ["50", "75", "50", "25"]
    assert max(bar.height for bar in chart.bars) == chart.bars[1].height
    assert histogram(("0",), [0], [0]).bars[0].height == 0


def test_a_course_leaves_out_what_is_undefined() -> None:
    chart = course(["1 May", "1 June", "1 July"], [("F1", [0.5, None, 1.0])])
    assert (len(chart.lines[0].dots), chart.lines[0].dots[1][0]) == (2, WIDTH - 10)
    assert [period.text for period in chart.periods] == ["1 May", "1 June", "1 July"]
    assert course([], []).periods == []


def test_ranges_have_round_ticks() -> None:
    chart = ranges([("ben", 1.0, 2.5, 4.0)])
    assert ([tick.text for tick in chart.ticks][:3], chart.rows[0].text) == (["0", "1", "2"], "2.5")
    assert ranges([]).rows == []
