"""Who may do what, in which state. `can_…` tells, `check_can_…` raises; nobody else decides.

Not a member: NotFound, so that an outsider learns nothing. A member with the wrong role: NotAllowed.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from annotations.domain.errors import NotAllowed, NotFound, StateRefused
from annotations.domain.queueing import WITHOUT_SLOT, WRITABLE
from annotations.models import (
    LASTING,
    AnnotationSet,
    Article,
    Comment,
    Membership,
    Purpose,
    Role,
    SetKind,
    SetState,
    User,
)


def check_member(*, user: User | AnonymousUser, slug: str, missing: str = "") -> Membership:
    """The membership of the person in the project, with project and user.

    Raises:
        NotFound: no such project, or not a member of it. `missing` is the sentence for what was asked for in the
            project: it must be the one for what does not exist, else a stranger learns that it does.
    """
    # Practice has its own page and no other: it is not managed, reviewed, queued or exported.
    found = _memberships(user).filter(project__slug=slug, project__is_practice=False).first()
    if found is None:
        raise NotFound(missing or _("There is no such project."))
    return found


def check_member_by_article(*, user: User | AnonymousUser, article_id: UUID) -> tuple[Membership, Article]:
    """The membership and the article, where the person may open it (without its text, which loads when asked for).

    Raises:
        NotFound: no such article, or one the person may not open.
    """
    article = Article.objects.select_related("project").filter(pk=article_id).first()
    member = _memberships(user).filter(project=article.project_id).first() if article else None
    if article is None or member is None or not can_open_article(member, article.pk):
        raise NotFound(_("There is no such article."))
    return member, article


def check_member_by_set(
    *, user: User | AnonymousUser, set_id: UUID, missing: str = ""
) -> tuple[Membership, AnnotationSet]:
    """The membership and the annotation set, where the person may see it.

    Raises:
        NotFound: no such set, or one the person may not see; `missing` as with `check_member`.
    """
    found = AnnotationSet.objects.select_related("article__project", "annotator", "guideline").filter(pk=set_id).first()
    member = _memberships(user).filter(project=found.article.project_id).first() if found else None
    if found is None or member is None or not can_see_set(member, found):
        raise NotFound(missing or _("There is no such annotation set."))
    return member, found


def _memberships(user: User | AnonymousUser) -> QuerySet[Membership]:
    if not isinstance(user, User):
        return Membership.objects.none()
    return Membership.objects.select_related("project", "user").filter(user=user, removed_at__isnull=True)


# Projects


def can_create_projects(user: User | AnonymousUser) -> bool:
    """Staff, and those who were given the right."""
    return isinstance(user, User) and user.is_active and (user.is_staff or user.may_create_projects)


def check_can_create_projects(user: User | AnonymousUser) -> None:
    """Raises NotAllowed unless `can_create_projects`."""
    if not can_create_projects(user):
        raise NotAllowed(_("Your account may not create projects; ask the operator for that right."))


def can_manage(member: Membership) -> bool:
    """Labels, guideline, members, imports, settings."""
    return member.role == Role.MANAGER


def check_can_manage(member: Membership) -> None:
    """Raises NotAllowed unless `can_manage`."""
    if not can_manage(member):
        raise NotAllowed(_("Only a manager of the project may do this."))


def is_reader(member: Membership) -> bool:
    """Whether the member takes the data and does not work on it."""
    return member.role == Role.READER


def can_review(member: Membership) -> bool:
    """See everybody's work, decide, write gold."""
    return member.role in {Role.MANAGER, Role.REVIEWER}


def check_can_review(member: Membership) -> None:
    """Raises NotAllowed unless `can_review`."""
    if not can_review(member):
        raise NotAllowed(_("Only a reviewer or a manager of the project may do this."))


def can_annotate(member: Membership) -> bool:
    """Everybody but a reader, each in an annotation set of their own."""
    return member.role != Role.READER


def check_can_annotate(member: Membership) -> None:
    """Raises NotAllowed unless `can_annotate`."""
    if not can_annotate(member):
        raise NotAllowed(_("A reader of the project may not annotate."))


def can_reset_password(member: Membership, person: User) -> bool:
    """A manager, for members whose new password opens nothing but projects of the same manager."""
    if not can_manage(member) or person.is_staff or person.may_create_projects or not person.is_active:
        return False
    managed = Membership.objects.filter(LASTING, user=member.user_id, role=Role.MANAGER)
    theirs = Membership.objects.filter(LASTING, user=person, project__is_practice=False)
    return not theirs.exclude(project__in=managed.values("project")).exists()


def check_can_reset_password(member: Membership, person: User) -> None:
    """Raises NotAllowed unless `can_reset_password`."""
    check_can_manage(member)
    if not can_reset_password(member, person):
        raise NotAllowed(_("This account can open more than your projects; its password is reset by the operator."))


# Articles


def is_blinded(member: Membership) -> bool:
    """Whether the work of others must stay hidden from this member."""
    return member.role == Role.ANNOTATOR and member.project.blind


def articles_open_to(member: Membership, *, every_version: bool = False) -> QuerySet[Article]:
    """The articles the member may open: all, but for a blind annotator only those claimed or done."""
    articles = Article.objects.filter(project=member.project_id)
    if not every_version:
        articles = articles.filter(superseded_by__isnull=True)
    if is_blinded(member):
        own = AnnotationSet.objects.filter(article=OuterRef("pk"), annotator=member.user_id)
        return articles.filter(Exists(own))
    return articles


def can_open_article(member: Membership, article_id: UUID) -> bool:
    """Whether the article is among `articles_open_to` the member; an old version of one stays readable."""
    return articles_open_to(member, every_version=True).filter(pk=article_id).exists()


def has_annotated(member: Membership, article_id: UUID) -> bool:
    """Whether the member has work of their own on the article (a set given back does not count)."""
    own = AnnotationSet.objects.filter(article=article_id, annotator=member.user_id)
    return own.exclude(state__in=WITHOUT_SLOT).exists()


def can_review_article(member: Membership, article_id: UUID) -> bool:
    """A reviewer; in a blind project not of an article that reviewer annotated."""
    if not can_review(member):
        return False
    return member.role == Role.MANAGER or not member.project.blind or not has_annotated(member, article_id)


def check_can_review_article(member: Membership, article_id: UUID) -> None:
    """Raises NotAllowed unless `can_review_article`."""
    check_can_review(member)
    if not can_review_article(member, article_id):
        raise NotAllowed(_("You annotated this article; in a blind project somebody else reviews it."))


# Annotation sets


def sets_visible_to(member: Membership) -> QuerySet[AnnotationSet]:
    """The annotation sets of the project the member may see.

    One's own always; managers all; reviewers all but, in a blind project, those of articles they annotated; readers
    gold; annotators gold that is done on articles they submitted, and the others' submitted work if not blind.
    """
    sets = AnnotationSet.objects.filter(article__project=member.project_id)
    if member.role == Role.MANAGER:
        return sets
    own = Q(annotator=member.user_id)
    mine = AnnotationSet.objects.filter(article=OuterRef("article"), annotator=member.user_id)
    if member.role == Role.ANNOTATOR:  # who labels an article again is not shown that it was there before
        own &= Q(state=SetState.RETURNED) | Q(~Exists(mine.filter(round__gt=OuterRef("round"))))
    if member.role == Role.REVIEWER:
        if not member.project.blind:
            return sets
        return sets.filter(own | ~Exists(mine.exclude(state__in=WITHOUT_SLOT)))
    if member.role == Role.READER:
        return sets.filter(kind=SetKind.GOLD)
    submitted = mine.filter(state=SetState.SUBMITTED)
    # Who labels an article a second time is not shown what came of the first; a hidden check never ends.
    again = mine.filter(round__gt=0, state__in=(SetState.IN_PROGRESS, SetState.RETURNED))
    gold = Q(kind=SetKind.GOLD, state=SetState.DONE) & ~Q(article__purpose=Purpose.CHECK)
    gold &= Exists(submitted) & ~Exists(again)
    if member.project.blind:
        return sets.filter(own | gold)
    return sets.filter(own | gold | Q(kind=SetKind.ANNOTATOR, state=SetState.SUBMITTED))


def can_see_set(member: Membership, annotation_set: AnnotationSet) -> bool:
    """Whether the set is among `sets_visible_to` the member."""
    if annotation_set.annotator_id == member.user_id or member.role == Role.MANAGER:
        return True
    return sets_visible_to(member).filter(pk=annotation_set.pk).exists()


def check_in_project(annotation_set: AnnotationSet, project: UUID) -> None:
    """Raises NotFound for a set of another project."""
    if annotation_set.article.project_id != project:
        raise NotFound(_("There is no such annotation set."))


def can_edit_set(member: Membership, annotation_set: AnnotationSet) -> bool:
    """One's own set in a state that takes edits; gold that is not done for those who may review the article. Nothing on
    an old version of an article.
    """
    if annotation_set.article.superseded_by_id is not None:
        return False
    if annotation_set.kind == SetKind.GOLD:
        return annotation_set.state != SetState.DONE and can_review_article(member, annotation_set.article_id)
    own = annotation_set.kind == SetKind.ANNOTATOR and annotation_set.annotator_id == member.user_id
    return own and can_annotate(member) and annotation_set.state in WRITABLE


def check_can_edit_set(member: Membership, annotation_set: AnnotationSet) -> None:
    """Raises NotFound for a set the member may not see, NotAllowed for another's, StateRefused for work submitted or
    gold that is done.
    """
    own = annotation_set.kind == SetKind.ANNOTATOR and annotation_set.annotator_id == member.user_id
    if own:
        check_can_annotate(member)
        check_is_current(annotation_set)
        if annotation_set.state not in WRITABLE:
            raise StateRefused(_("This work is submitted; reopen it to go on."))
        return
    if not can_see_set(member, annotation_set):
        raise NotFound(_("There is no such annotation set."))
    if annotation_set.kind == SetKind.GOLD:
        check_can_review_article(member, annotation_set.article_id)
        check_is_current(annotation_set)
        if annotation_set.state == SetState.DONE:
            raise StateRefused(_("The gold of this article is done; open it again to change it."))
        return
    raise NotAllowed(_("Only its own annotator may write into this annotation set."))


def check_is_current(annotation_set: AnnotationSet) -> None:
    """Raises StateRefused for a set of an old version of an article: the work goes on in the corrected one."""
    if annotation_set.article.superseded_by_id is not None:
        raise StateRefused(_("The article was corrected, and your work went over to its new version; go on there."))


def check_owns_set(member: Membership, annotation_set: AnnotationSet) -> None:
    """Raises NotAllowed unless it is the member's own annotation set."""
    if annotation_set.kind != SetKind.ANNOTATOR or annotation_set.annotator_id != member.user_id:
        raise NotAllowed(_("Only its own annotator may do this."))
    check_can_annotate(member)


# Comments


def can_discuss(member: Membership, annotation_set: AnnotationSet) -> bool:
    """Say something about a set the member may see, and read what was said: its annotator, and reviewers."""
    if annotation_set.kind == SetKind.ANNOTATOR and annotation_set.annotator_id == member.user_id:
        return can_annotate(member)
    return can_review_article(member, annotation_set.article_id)


def check_can_discuss(member: Membership, annotation_set: AnnotationSet) -> None:
    """Raises NotAllowed unless `can_discuss`."""
    if not can_discuss(member, annotation_set):
        raise NotAllowed(_("Its own annotator and the reviewers talk about this work."))


def can_take_part(member: Membership, thread: Comment) -> bool:
    """Read and answer a thread: about a set as `can_discuss`, about a disagreement those who may review it."""
    if thread.annotation_set is not None:
        return can_see_set(member, thread.annotation_set) and can_discuss(member, thread.annotation_set)
    return thread.article_id is not None and can_review_article(member, thread.article_id)


def threads_visible_to(member: Membership) -> QuerySet[Comment]:
    """The first comments of the threads of the project in which the member may take part."""
    threads = Comment.objects.filter(parent__isnull=True)
    own = Q(annotation_set__annotator=member.user_id, annotation_set__article__project=member.project_id)
    if not can_review(member):
        return threads.filter(own) if can_annotate(member) else threads.none()
    about = Q(annotation_set__in=sets_visible_to(member)) | Q(article__project=member.project_id)
    threads = threads.filter(about)
    if member.role == Role.MANAGER or not member.project.blind:
        return threads
    mine = AnnotationSet.objects.filter(article=OuterRef("article"), annotator=member.user_id)
    return threads.exclude(Q(article__isnull=False) & Exists(mine.exclude(state__in=WITHOUT_SLOT)))


# Articles with known gold


def purposes_counted(member: Membership) -> tuple[str, ...]:
    """Which articles are part of the dataset as the member sees it: to an annotator a hidden check is work."""
    return (Purpose.WORK, Purpose.CHECK) if member.role == Role.ANNOTATOR else (Purpose.WORK,)


def sets_counted(member: Membership) -> QuerySet[AnnotationSet]:
    """The sets the member may see that are part of the dataset: first rounds on articles of work; to an annotator a
    hidden check is work, too, and an article labelled again is there once.
    """
    sets = sets_visible_to(member).filter(article__superseded_by=None, article__purpose__in=purposes_counted(member))
    return sets if member.role == Role.ANNOTATOR else sets.filter(round=0)


# Feedback


def can_see_feedback(member: Membership, article_id: UUID) -> bool:
    """What review made of the member's own work: submitted by the member, and its gold is done and may be seen."""
    own = AnnotationSet.objects.filter(article=article_id, annotator=member.user_id, kind=SetKind.ANNOTATOR, round=0)
    gold = sets_visible_to(member).filter(article=article_id, kind=SetKind.GOLD, state=SetState.DONE)
    return own.filter(state=SetState.SUBMITTED).exists() and gold.exists()


def check_can_see_feedback(member: Membership, article_id: UUID) -> None:
    """Raises NotFound unless `can_see_feedback`: whether there is gold is told to nobody else."""
    if not can_see_feedback(member, article_id):
        raise NotFound(_("There is nothing to see of this article yet."))


# Export


def exportable_kinds(member: Membership) -> frozenset[str]:
    """What `sets` a member may export: readers gold and majority, annotators their own, reviewers everything."""
    if can_review(member):
        return frozenset({"gold", "annotators", "suggestions", "all", "majority"})
    if member.role == Role.READER:
        return frozenset({"gold", "majority"})
    return frozenset({"annotators"})


def check_can_export(member: Membership, sets: Iterable[str]) -> None:
    """Raises NotAllowed unless all of `sets` are among `exportable_kinds`."""
    if not set(sets) <= exportable_kinds(member):
        allowed = ", ".join(sorted(exportable_kinds(member)))
        raise NotAllowed(_("With your role you can export: %(sets)s.") % {"sets": allowed})


# Releases


def can_see_releases(member: Membership) -> bool:
    """Everybody to whom the work of others is open; annotators export their own."""
    return member.role != Role.ANNOTATOR


def check_can_see_releases(member: Membership) -> None:
    """Raises NotAllowed unless `can_see_releases`."""
    if not can_see_releases(member):
        raise NotAllowed(_("Releases hold the work of others; you can export your own."))


def can_take_release(member: Membership, sets: str) -> bool:
    """Download a release of these sets, and compare it: who may export them all.

    A reviewer of a blind project who annotates in it does not see the work of others in it.
    """
    if not can_see_releases(member) or sets not in exportable_kinds(member):
        return False
    if member.role != Role.REVIEWER or not member.project.blind or sets in {"gold", "suggestions"}:
        return True
    own = AnnotationSet.objects.filter(article__project=member.project_id, annotator=member.user_id)
    return not own.exclude(state__in=WITHOUT_SLOT).exists()


def check_can_take_release(member: Membership, sets: str) -> None:
    """Raises NotAllowed unless `can_take_release`."""
    check_can_see_releases(member)
    check_can_export(member, [sets])
    if not can_take_release(member, sets):
        raise NotAllowed(_("You annotate in this blind project; this release shows what others did."))
