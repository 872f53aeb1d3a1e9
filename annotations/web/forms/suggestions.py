"""What the verdicts on suggestions are narrowed by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from annotations.models import Label, Project, Verdict
from annotations.web.forms.fields import PageForm


class VerdictsFilter(PageForm):
    """Which verdicts to list."""

    engine = forms.CharField(label=_("Engine"), required=False, max_length=200)
    label = forms.ChoiceField(label=_("Label"), required=False)
    verdict = forms.ChoiceField(
        label=_("Verdict"),
        required=False,
        choices=[("", _("All")), *((each.value, each.label) for each in Verdict if each != Verdict.WITHDRAWN)],
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = Label.objects.filter(project=project).order_by("position").values_list("key", "name")
        self.fields["label"].choices = [("", _("All")), *labels]  # type: ignore[attr-defined]
