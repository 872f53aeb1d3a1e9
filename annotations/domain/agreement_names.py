"""The names of the measures of agreement, apart from what computes them: that needs numpy, and few processes do."""

from __future__ import annotations

from typing import Final

MEASURES: Final = (
    "f1_exact",
    "f1_tolerant",
    "f1_overlap",
    "alpha_characters",
    "alpha_tokens",
    "alpha_tokens_nominal",
    "u_alpha",
    "bar_u_alpha",
    "cu_alpha",
    "ku_alpha",
    "alpha_u",
    "gamma",
    "relation_f1_exact",
    "relation_f1_overlap",
    "relation_f1_conditional",
    "statement_f1",
    "kappa_label",
    "kappa_attribute",
)
VERSION: Final = 1
"""Of what is counted and how it is written; counts kept under another one are made anew."""
