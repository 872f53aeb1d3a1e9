"""Labels, attributes, relation labels, annotators and entities that a file names and the project may lack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from annotations.domain.documents import AnnotationSet
from annotations.domain.errors import InvalidData
from annotations.domain.offsets import shorten
from annotations.models import Entity, Label, LabelAttribute, LineStyle, Membership, Project, RelationLabel, Role, User
from annotations.models.labels import KEY, PALETTE_SLOTS

MAX_LABELS: Final = 100
MAX_CHOICES: Final = 50


class Names:
    """What the project knows by name, kept while a file is imported; with `strict` nothing is added to it."""

    def __init__(self, project: Project, *, strict: bool, added: list[str]) -> None:
        self.project = project
        self._strict = strict
        self._added = added
        self.labels: dict[str, int] = {}
        self._attributes: dict[tuple[str, str], LabelAttribute] = {}
        for label in project.labels.prefetch_related("attributes"):
            self.labels[label.key] = label.pk
            for attribute in label.attributes.all():
                self._attributes[label.key, attribute.key] = attribute
        self.relations: dict[str, RelationLabel] = {
            one.key: one for one in project.relation_labels.select_related("source_label", "target_label")
        }
        self._users: dict[str, int] = {}

    # Labels

    def accept(self, sets: Sequence[AnnotationSet]) -> None:
        """Add the labels that the sets use and the project lacks.

        Raises:
            InvalidData: they cannot be added, or a relation is not legal between the labels of its ends; then nothing
                was added.
        """
        labels, choices = self._lacking(sets)
        relations = dict.fromkeys(key for one in sets if one.relations for key in self._check_relations(one))
        if labels or choices or relations:
            self._check_additions(labels, choices, relations)
        for key in labels:
            self._add_label(key)
        for (label, name), new in choices.items():
            self._add_choices(label, name, list(new))
        for key in relations:
            self._add_relation_label(key)

    def _lacking(self, sets: Sequence[AnnotationSet]) -> tuple[dict[str, None], dict[tuple[str, str], dict[str, None]]]:
        """The labels, and the choices of attributes, that spans of the sets have and the project lacks."""
        labels: dict[str, None] = {}
        choices: dict[tuple[str, str], dict[str, None]] = {}
        for one in sets:
            for span in one.spans:
                if span.label not in self.labels:
                    labels[span.label] = None
                for name, choice in span.attributes.items():
                    known = self._attributes.get((span.label, name))
                    if known is None or choice not in known.choices:
                        choices.setdefault((span.label, name), {})[choice] = None
        return labels, choices

    def _check_additions(
        self, labels: Iterable[str], choices: Mapping[tuple[str, str], Iterable[str]], relations: Iterable[str]
    ) -> None:
        """Whether all this may be added."""
        if self._strict:
            lacking = [*labels, *(f"{label}.{name} = {one}" for (label, name), new in choices.items() for one in new)]
            missing = ", ".join(shorten(what) for what in [*lacking, *relations])
            raise InvalidData(_("The project lacks: %(missing)s.") % {"missing": missing})
        for key in [*labels, *relations, *(name for _label, name in choices)]:
            try:
                KEY(key)
            except ValidationError:
                raise InvalidData(
                    _("“%(key)s” cannot be a key: small letters, digits, - and _, beginning with a letter.")
                    % {"key": shorten(key)}
                ) from None
        for known, new in ((self.labels, labels), (self.relations, relations)):
            if len({*known, *new}) > MAX_LABELS:
                raise InvalidData(_("A project has at most %(most)d labels.") % {"most": MAX_LABELS})
        for (label, name), added in choices.items():
            there = self._attributes.get((label, name))
            if len({*added, *(there.choices if there else ())}) > MAX_CHOICES:
                raise InvalidData(
                    _("The attribute %(name)s can have %(most)d choices.")
                    % {"name": f"{label}.{name}", "most": MAX_CHOICES}
                )

    def _check_relations(self, one: AnnotationSet) -> list[str]:
        """The relation labels that the project lacks."""
        label_of = {span.id: span.label for span in one.spans}
        for relation in one.relations:
            rule = self.relations.get(relation.label)
            if rule is None:
                continue
            ends = label_of[relation.source], label_of[relation.target]
            if not rule.fits(*ends):
                raise InvalidData(
                    _("The relation “%(label)s” cannot go from %(source)s to %(target)s.")
                    % {"label": relation.label, "source": ends[0], "target": ends[1]}
                )
        for (label, source), times in Counter((each.label, each.source) for each in one.relations).items():
            if times > 1 and label in self.relations and not self.relations[label].many:
                raise InvalidData(
                    _("The span “%(span)s” has %(times)d relations “%(label)s”; it can have one.")
                    % {"span": shorten(source), "times": times, "label": label}
                )
        return [each.label for each in one.relations if each.label not in self.relations]

    def _add_label(self, key: str) -> None:
        number = len(self.labels)
        last = self.project.labels.aggregate(last=Max("position"))["last"]
        label = Label.objects.create(
            project=self.project,
            key=key,
            name=_name_of(key),
            colour=number % PALETTE_SLOTS,
            line_style=LineStyle.values[number % len(LineStyle.values)],
            position=0 if last is None else last + 1,
        )
        self.labels[key] = label.pk
        self._added.append(f"label {key}")

    def _add_choices(self, label: str, key: str, choices: Sequence[str]) -> None:
        known = self._attributes.get((label, key))
        if known is None:
            position = sum(owner == label for owner, _key in self._attributes)
            known = LabelAttribute(
                label_id=self.labels[label], key=key, name=_name_of(key), choices=[], position=position
            )
            self._attributes[label, key] = known
        known.choices = [*known.choices, *choices]
        known.save()
        self._added.extend(f"attribute {label}.{key} = {choice}" for choice in choices)

    def _add_relation_label(self, key: str) -> None:
        position = len(self.relations)
        self.relations[key] = RelationLabel.objects.create(
            project=self.project, key=key, name=_name_of(key), position=position
        )
        self._added.append(f"relation label {key}")

    # People

    def annotators(self, names: Iterable[str]) -> dict[str, int]:
        """The accounts of annotators by the names a file gives them, as far as they are there."""
        wanted = {name for name in names if name not in self._users}
        if wanted:
            accounts = {account: name for name in wanted for account in (self._account(name), name)}
            members = Membership.objects.filter(project=self.project, user__username__in=accounts)
            # A member of exactly this name comes after, and so before, the pseudonymous account.
            found = dict(members.values_list("user__username", "user_id"))
            for name in wanted:
                user = found.get(name, found.get(self._account(name)))
                if user is not None:
                    self._users[name] = user
        return self._users

    def check_annotators(self, names: Iterable[str]) -> None:
        """Raises InvalidData where `make_annotator` would take an account that belongs to somebody else."""
        wanted = set(names)
        lacking = [self._account(name) for name in wanted - self.annotators(wanted).keys()]
        for account in User.objects.filter(username__in=lacking).values_list("username", flat=True)[:1]:
            raise InvalidData(
                _("The account “%(account)s” for this annotator's work exists, but is no member of the project.")
                % {"account": account}
            )

    def make_annotator(self, name: str) -> int:
        """The account of an annotator; a name nobody in the project has becomes one that cannot sign in."""
        known = self.annotators([name]).get(name)
        if known is not None:
            return known
        account = self._account(name)
        user = User(username=account, is_active=False)
        user.set_unusable_password()
        user.save()
        Membership.objects.create(project=self.project, user=user, role=Role.ANNOTATOR)
        self._users[name] = user.pk
        self._added.append(f"annotator {account}")
        return user.pk

    def _account(self, name: str) -> str:
        return f"{name}@{self.project.slug}"

    # Entities

    def entities(self, sets: Iterable[AnnotationSet]) -> dict[tuple[str, str], UUID]:
        """The entities that spans mean, by label and name; those the project lacks are added."""
        wanted = {(span.label, span.entity) for one in sets for span in one.spans if span.entity}
        if not wanted:
            return {}
        Entity.objects.bulk_create(
            (
                Entity(project=self.project, label_id=self.labels[label], name=name, listed=True)
                for label, name in sorted(wanted)
            ),
            ignore_conflicts=True,
            batch_size=2_000,
        )
        key_of = {pk: key for key, pk in self.labels.items()}
        found = Entity.objects.filter(project=self.project, name__in={name for _label, name in wanted})
        found.filter(listed=False).update(listed=True)
        return {(key_of[label], name): pk for label, name, pk in found.values_list("label_id", "name", "pk")}


def _name_of(key: str) -> str:
    return key.replace("_", " ").replace("-", " ").strip().capitalize() or key
