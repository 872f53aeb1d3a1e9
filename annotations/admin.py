"""The operator's view of the tables: accounts and projects can be changed, labelled work only looked at."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from annotations.models import (
    AnnotationSet,
    ApiToken,
    Article,
    AuditEntry,
    Decision,
    GuidelineVersion,
    Label,
    Membership,
    OneTimeLink,
    Project,
    RelationLabel,
    User,
)


class ReadOnlyAdmin(admin.ModelAdmin[Model]):
    """Tables in which every row was written by a service: the operator looks, and changes nothing behind its back."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """No."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """No."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        """No."""
        return False


@admin.register(User)
class AccountAdmin(UserAdmin[User]):
    """Accounts; deleting one would tear its work apart, so it is deactivated."""

    list_display = ("username", "is_active", "is_staff", "may_create_projects", "last_login")
    list_filter = ("is_active", "is_staff", "may_create_projects")
    fieldsets = (*(UserAdmin.fieldsets or ()), (_("Newsapp"), {"fields": ("may_create_projects", "preferences")}))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """No."""
        return False


@admin.register(Project)
class ProjectAdmin(ReadOnlyAdmin):
    """Projects."""

    list_display = ("name", "slug", "annotators_per_article", "blind", "created_at", "archived_at")
    search_fields = ("name", "slug")


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin[Membership]):
    """Who is in which project: here the operator gives a project that lost its managers a new one."""

    list_display = ("project", "user", "role", "joined_at", "removed_at")
    list_select_related = ("project", "user")
    list_filter = ("role",)
    search_fields = ("project__slug", "user__username")
    autocomplete_fields = ("project", "user")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        """No: `removed_at` takes somebody out."""
        return False


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    """Tokens, without their secrets."""

    list_display = ("user", "name", "scope", "hint", "created_at", "last_used_at", "revoked_at")
    list_select_related = ("user",)
    exclude = ("digest",)


@admin.register(OneTimeLink)
class OneTimeLinkAdmin(ReadOnlyAdmin):
    """Invitations and password resets, without their secrets."""

    list_display = ("purpose", "project", "role", "created_by", "created_at", "expires_at", "used_at", "revoked_at")
    list_select_related = ("project", "created_by")
    exclude = ("digest",)


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """Who did what when; the page of the site searches and exports it."""

    list_display = ("at", "actor", "action", "project", "person", "object")
    list_select_related = ("actor", "project", "person")


@admin.register(Article)
class ArticleAdmin(ReadOnlyAdmin):
    """Articles."""

    list_display = ("external_id", "title", "outlet", "published_at", "characters", "open_slots")
    exclude = ("search",)


@admin.register(AnnotationSet)
class AnnotationSetAdmin(ReadOnlyAdmin):
    """Annotation sets."""

    list_display = ("id", "kind", "annotator", "state", "revision", "started_at", "submitted_at")
    list_select_related = ("annotator",)
    list_filter = ("kind", "state")


@admin.register(Label, RelationLabel, GuidelineVersion, Decision)
class LookedAtAdmin(ReadOnlyAdmin):
    """Labels, guidelines and decisions."""
