"""The colours of tokens.css are readable on what they stand on, and the label colours stay apart for everyone."""

import re
from itertools import combinations

import numpy as np
import pytest
from django.conf import settings
from numpy.typing import NDArray

type Colour = NDArray[np.float64]

THEMES = ("light", "dark")
SLOTS = [f"p{number}" for number in range(12)]
CSS = (settings.ROOT / "static/css/tokens.css").read_text(encoding="utf-8")
PAIRS = dict(re.findall(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}, #[0-9a-f]{6})\)", CSS))

# Linear sRGB as people with a full deficiency see it (Machado, Oliveira, Fernandes 2009, severity 1).
VISIONS = {
    "full": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
# Distances in OKLab: two large patches differ visibly from 0.02 on. 0.035 is what amber and green keep in deuteranopia.
APART = 0.035


def linear(name: str, theme: str) -> Colour:
    """A token's colour as linear sRGB, 0 to 1."""
    value = PAIRS[name].split(", ")[THEMES.index(theme)]
    channels = np.array([int(value[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(first: str, second: str, theme: str) -> float:
    """The contrast ratio of WCAG 2."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    darker, lighter = sorted(float(linear(name, theme) @ weights) for name in (first, second))
    return (lighter + 0.05) / (darker + 0.05)


def oklab(colour: Colour) -> Colour:
    """Ottosson's OKLab of linear sRGB."""
    to_cones = np.array(
        [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
         [0.0883024619, 0.2817188376, 0.6299787005]]
    )  # fmt: skip
    to_lab = np.array(
        [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
         [0.0259040371, 0.7827717662, -0.8086757660]]
    )  # fmt: skip
    return to_lab @ np.cbrt(to_cones @ colour)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", ["paper", "panel"])
@pytest.mark.parametrize("text", ["ink", "quiet", "accent", "alarm", *SLOTS])
def test_text_is_readable_on_the_page_and_on_panels(text: str, ground: str, theme: str) -> None:
    assert contrast(text, ground, theme) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("slot", SLOTS)
def test_a_label_is_readable_on_its_own_fill_and_so_is_the_article(slot: str, theme: str) -> None:
    assert contrast(slot, f"{slot}-fill", theme) >= 4.5
    assert contrast("ink", f"{slot}-fill", theme) >= 7


@pytest.mark.parametrize("theme", THEMES)
def test_what_can_be_operated_stands_out_from_its_ground(theme: str) -> None:
    assert contrast("on-accent", "accent", theme) >= 4.5
    assert contrast("edge", "paper", theme) >= 3
    assert contrast("edge", "panel", theme) >= 3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("vision", VISIONS)
def test_label_colours_stay_apart_for_every_kind_of_sight(vision: str, theme: str) -> None:
    seen = {slot: oklab(np.clip(VISIONS[vision] @ linear(slot, theme), 0, 1)) for slot in SLOTS}
    distances = {pair: float(np.linalg.norm(seen[pair[0]] - seen[pair[1]])) for pair in combinations(SLOTS, 2)}
    assert {pair: distance for pair, distance in distances.items() if distance < APART} == {}
