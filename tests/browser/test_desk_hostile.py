"""Texts that break offsets elsewhere: what is selected after them is stored with exact code points."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from annotations.domain.offsets import normalise_text
from annotations.models import Span
from tests.browser.conftest import PageOf
from tests.browser.desk import Desk
from tests.factories import a_member, a_project, a_set, an_article

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PREFIXES = {
    "plain": "Nothing special",
    "one emoji": "Storm 😀",
    "five emoji": "😀😃 one 😄😁😆",
    "family and flag": "👨‍👩‍👧‍👦 and 🇳🇴",
    "carriage returns": "One.\r\n\r\nTwo.\rThree",
    "combining accents": "cafe\u0301 naïve Z\u0351\u036b\u0343",
    "bidirectional and invisible": "In \u200fשלום\u200e العربية soft\u00adhyphen\u00a0nbsp\u2028line\ttab",
    "markup": '<b>&amp;</b> "</p><script>document.title=1</script>',
    "scripts": "नमस्ते ภาษาไทย 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 中文",
}
PREFIXES["all"] = " ".join(PREFIXES.values())


@pytest.mark.parametrize("name", PREFIXES)
def test_a_word_after_it_is_stored_at_its_code_points(page_of: PageOf, name: str) -> None:
    text = normalise_text(f"{PREFIXES[name]} Brevik reopened 🙂 said Solheim.\n\nThe end of Oslo 🇳🇴.")
    project = a_project()
    work = a_set(an_article(project, text, language="en"), a_member(project, "ben"))
    desk = Desk(page_of("ben"), work)
    assert desk.text() == text.replace("\n", "")
    desk.double_click("Brevik")
    desk.drag("Solheim.The end")
    desk.drag("Oslo 🇳🇴")
    desk.expect_saved(3)
    expect(desk.page.locator("#refused")).to_be_hidden()
    cut = [text[start:end] for ((start, end),) in Span.objects.order_by("start").values_list("fragments", flat=True)]
    assert cut == ["Brevik", "Solheim.\n\nThe end", "Oslo 🇳🇴"]
    assert desk.text() == text.replace("\n", "")
    assert desk.page.title() != "1"
