"""The guideline as HTML, and what differs between versions."""

from __future__ import annotations

import html
import re

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from annotations.selectors.guidelines import guideline_html

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[go](javascript:alert(1))",
    "[go](data:text/html;base64,PHNjcmlwdD4=)",
    "![seen](https://tracker.example/pixel.png)",
    '<a href="#" style="position:fixed" onclick="x()">x</a>',
    "<svg><script>alert(1)</script></svg>",
    "<iframe src=https://example.org></iframe>",
    "`<script>`\n\n    <style>*{}</style>",
]


def test_markdown_becomes_headings_lists_tables_and_links() -> None:
    text = '# Claim\n\n- one **two**\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[site](https://example.org "t")\n'
    assert guideline_html(text) == (
        "<h1>Claim</h1>\n<ul>\n<li>one <strong>two</strong></li>\n</ul>\n"
        "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n"
        "<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>\n"
        '<p><a href="https://example.org" title="t" rel="noopener noreferrer">site</a></p>\n'
    )


@pytest.mark.parametrize("markdown", HOSTILE)
def test_nothing_that_runs_or_loads_comes_through(markdown: str) -> None:
    markup = guideline_html(markdown)
    tags = set(re.findall(r"<([a-z0-9]+)", markup))
    assert tags <= {"p", "a", "code", "pre"}
    assert not re.search(r"<[^>]*(on\w+|style|src)\s*=", markup)
    assert not re.search(r'<[^>]*href="(?!https?:|mailto:)', markup)


@given(st.text(alphabet=st.sampled_from("<>\"'&;=/[]()!`*_#- \n\tabjsx:"), max_size=80))
def test_no_text_makes_a_tag_or_attribute_that_is_not_allowed(markdown: str) -> None:
    markup = guideline_html(markdown)
    for tag, attributes in re.findall(r"<([a-z0-9]+)([^>]*)>", markup):
        assert tag in {
            "a", "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre",
            "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
        }  # fmt: skip
        assert set(re.findall(r"([\w-]+)=", re.sub(r'"[^"]*"', "", attributes))) <= {"href", "title", "rel", "start"}


def test_a_template_shows_it_as_markup_and_any_other_text_escaped() -> None:
    template = Template("{{ text }}")
    assert template.render(Context({"text": guideline_html("*a*")})) == "<p><em>a</em></p>\n"
    assert template.render(Context({"text": "<p>"})) == html.escape("<p>")
