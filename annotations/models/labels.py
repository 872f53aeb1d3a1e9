"""Labels say what a span can be; relation labels say how two spans can be linked."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from annotations.models.projects import Project

KEY = RegexValidator(r"^[a-z][a-z0-9_-]*\Z", _("Small letters, digits, - and _, beginning with a letter."))
# The other letters are commands of the desk (docs/keyboard.md).
LABEL_SHORTCUTS = tuple("abcdghijlvwz")
RELATION_SHORTCUTS = ("m", "k")
PALETTE_SLOTS = 12


class LineStyle(models.TextChoices):
    """How a label's underline is drawn, so that colour is never the only sign."""

    SOLID = "solid", _("Solid")
    DASHED = "dashed", _("Dashed")
    DOTTED = "dotted", _("Dotted")
    DOUBLE = "double", _("Double")
    WAVY = "wavy", _("Wavy")


class Label(models.Model):
    """What a span can be."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="labels")
    key = models.CharField(max_length=40, validators=[KEY])
    name = models.CharField(max_length=80)
    colour = models.PositiveSmallIntegerField(_("colour"), default=0)
    shortcut = models.CharField(max_length=1, blank=True, choices=[(letter, letter) for letter in LABEL_SHORTCUTS])
    line_style = models.CharField(max_length=6, choices=LineStyle, default=LineStyle.SOLID)
    position = models.PositiveSmallIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["project", "position", "id"]
        constraints = [
            models.UniqueConstraint(name="label_key_once_per_project", fields=["project", "key"]),
            models.UniqueConstraint(
                name="label_shortcut_once_per_project",
                fields=["project", "shortcut"],
                condition=~Q(shortcut="") & Q(archived_at__isnull=True),
            ),
            models.CheckConstraint(name="label_colour_in_palette", condition=Q(colour__lt=PALETTE_SLOTS)),
            models.CheckConstraint(name="label_line_style_known", condition=Q(line_style__in=LineStyle.values)),
            models.CheckConstraint(
                name="label_shortcut_allowed", condition=Q(shortcut="") | Q(shortcut__in=LABEL_SHORTCUTS)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def letter(self) -> str:
        """The sign of the label in lists and in the text: its shortcut, else the first letter of its key."""
        return self.shortcut or self.key[0]


class LabelAttribute(models.Model):
    """A closed question about spans of a label, such as the stance of a claim."""

    label = models.ForeignKey(Label, on_delete=models.CASCADE, related_name="attributes")
    key = models.CharField(max_length=40, validators=[KEY])
    name = models.CharField(max_length=80)
    choices = ArrayField(models.CharField(max_length=80), size=50)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["label", "position", "id"]
        constraints = [
            models.UniqueConstraint(name="attribute_key_once_per_label", fields=["label", "key"]),
            models.CheckConstraint(name="attribute_has_choices", condition=Q(choices__len__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.label_id}.{self.key}"


class RelationLabel(models.Model):
    """How a span of one label can be linked to a span of another; no label means any."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="relation_labels")
    key = models.CharField(max_length=40, validators=[KEY])
    name = models.CharField(max_length=80)
    source_label = models.ForeignKey(Label, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    target_label = models.ForeignKey(Label, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    shortcut = models.CharField(max_length=1, blank=True, choices=[(letter, letter) for letter in RELATION_SHORTCUTS])
    many = models.BooleanField(_("a source may have many targets"), default=True)
    position = models.PositiveSmallIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["project", "position", "id"]
        constraints = [
            models.UniqueConstraint(name="relation_label_key_once_per_project", fields=["project", "key"]),
            models.UniqueConstraint(
                name="relation_label_shortcut_once_per_project",
                fields=["project", "shortcut"],
                condition=~Q(shortcut="") & Q(archived_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def fits(self, source: str, target: str) -> bool:
        """Whether it may link a span of one label to one of another, by their keys."""
        ends = ((self.source_label, source), (self.target_label, target))
        return all(label is None or label.key == key for label, key in ends)
