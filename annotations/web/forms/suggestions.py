"""What the verdicts on suggestions are narrowed by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from annotations.models import Label, Project, SuggestionVerdict, Verdict
from annotations.web.forms.fields import PageForm


class VerdictsFilter(PageForm):
    """Which verdicts to list."""

    engine = forms.ChoiceField(label=_("Engine"), required=False)
    label = forms.ChoiceField(label=_("Label"), required=False)
    verdict = forms.ChoiceField(
        label=_("Verdict"),
        required=False,
        choices=[("", _("All")), *((each.value, each.label) for each in Verdict if each != Verdict.WITHDRAWN)],
    )

    def __init__(self, *args: Any, project: Project, names: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = SuggestionVerdict.objects.filter(label__project=project).order_by("engine")
        engines = found.values_list("engine", flat=True).distinct()
        self.fields["engine"].choices = [  # type: ignore[attr-defined]
            ("", _("All")),
            *((engine, names.get(engine, engine)) for engine in engines),
        ]
        labels = Label.objects.filter(project=project).order_by("position").values_list("key", "name")
        self.fields["label"].choices = [("", _("All")), *labels]  # type: ignore[attr-defined]
