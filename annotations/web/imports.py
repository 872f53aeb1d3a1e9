"""The page where a manager brings files in, and what became of each."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from annotations import policies
from annotations.domain.errors import InvalidData, StateRefused
from annotations.domain.offsets import Newlines, Unit
from annotations.formats import NAMES, READERS, detect_file
from annotations.models import SetKind
from annotations.services.imports import MAX_UPLOAD, ImportReport, import_documents
from annotations.web.forms import PageForm
from annotations.web.http import person, project_page


class ImportForm(PageForm):
    """A file, and how to read what it does not say itself."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        max_length=500,
        help_text=gettext_lazy(
            "JSON Lines, plain texts or HTML pages (also in a zip), CSV or TSV with the columns id and text, or what "
            "brat, doccano, Label Studio, INCEpTION and others export; also packed with gzip. UTF-8."
        ),
    )
    format = forms.ChoiceField(
        label=gettext_lazy("Format"),
        required=False,
        choices=[("", gettext_lazy("recognise it")), *((key, NAMES[key]) for key in READERS)],
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of labels"),
        required=False,
        choices=[("", gettext_lazy("as the file says")), *SetKind.choices],
        help_text=gettext_lazy("For labels whose kind the file does not say."),
    )
    annotator = forms.CharField(
        label=gettext_lazy("Annotator"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("Whose labels they are, where the file does not say."),
    )
    offsets = forms.ChoiceField(
        label=gettext_lazy("Offsets count"),
        required=False,
        choices=[
            ("auto", gettext_lazy("what makes the quotes fit")),
            (Unit.CODE_POINT.value, gettext_lazy("code points")),
            (Unit.UTF_16.value, gettext_lazy("UTF-16 units (JavaScript, Java)")),
            (Unit.BYTE.value, gettext_lazy("UTF-8 bytes")),
        ],
    )
    newlines = forms.ChoiceField(
        label=gettext_lazy("A line break counts"),
        required=False,
        choices=[
            ("auto", gettext_lazy("what makes the quotes fit")),
            (Newlines.LF.value, gettext_lazy("one")),
            (Newlines.CRLF.value, gettext_lazy("two (Windows)")),
        ],
    )
    strict = forms.BooleanField(
        label=gettext_lazy("Refuse labels the project does not have"),
        required=False,
        help_text=gettext_lazy("Otherwise they are added to the project, and you are told."),
    )

    def clean_file(self) -> UploadedFile[bytes]:
        """The file, unless it is too large."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MAX_UPLOAD:
            raise forms.ValidationError(
                _("The file is larger than %(n)d MiB; the operator can import it on the command line.")
                % {"n": MAX_UPLOAD // 2**20}
            )
        return file

    @property
    def first(self) -> list[forms.BoundField]:
        """The fields nearly everybody needs."""
        return [self["file"]]

    @property
    def others(self) -> list[forms.BoundField]:
        """The fields for files that leave something open."""
        return [field for field in self if field.name != "file"]

    @property
    def is_special(self) -> bool:
        """Whether one of the other fields was used or is wrong."""
        return any(field.errors or field.data not in {None, "", "auto", False} for field in self.others)


@login_required
@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest, slug: str) -> HttpResponse:
    """Import a file and tell what became of it."""
    member = policies.check_member(user=person(request), slug=slug)
    policies.check_can_manage(member)
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            context["report"] = _import(request, slug, form.cleaned_data)
            context["losses"] = context["report"].losses.rows()
            context["name"] = form.cleaned_data["file"].name
            context["form"] = ImportForm()
        except InvalidData as error:
            form.refuse(error)
        except StateRefused as error:
            form.add_error(None, error.detail)
    return project_page(request, "imports.html", member=member, section="imports", context=context)


def _import(request: HttpRequest, slug: str, options: dict[str, Any]) -> ImportReport:
    member = policies.check_member(user=person(request), slug=slug)
    file = options["file"]
    return import_documents(
        actor=member.user,
        project=member.project,
        stream=file,
        name=file.name,
        format=options["format"] or detect_file(file, file.name),
        kind=options["kind"],
        annotator=options["annotator"],
        offsets=options["offsets"] or "auto",
        newlines=options["newlines"] or "auto",
        strict=options["strict"],
    )
