"""Numbers that came as text."""

from __future__ import annotations

from django import template

from annotations.selectors.figures import localized

register = template.Library()
register.filter("figures", localized)
