"""Accounts, their tokens for programs, one-time links and the counters that guard signing in."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from annotations.domain.identifiers import uuid7


class User(AbstractUser):
    """A person (or the pseudonymous keeper of imported work, who cannot sign in)."""

    may_create_projects = models.BooleanField(_("may create projects"), default=False)
    preferences = models.JSONField(default=dict, blank=True)


class TokenScope(models.TextChoices):
    """What a program with the token may do of what its owner may do."""

    READ = "read", _("Read")
    ANNOTATE = "annotate", _("Read and annotate")
    MANAGE = "manage", _("Everything its owner may do")


class ApiToken(models.Model):
    """A key for programs: shown once, kept as its SHA-256."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    scope = models.CharField(max_length=10, choices=TokenScope, default=TokenScope.MANAGE)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=8)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="token_scope_known", condition=Q(scope__in=TokenScope.values))]


class SignIn(models.Model):
    """A session somebody began in a browser; there until the session ends, in which case nothing is left to list."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    browser = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True)


class LinkPurpose(models.TextChoices):
    """What a one-time link is good for."""

    INVITATION = "invitation", _("Invitation")
    PASSWORD_RESET = "password_reset", _("Password reset")


class OneTimeLink(models.Model):
    """A link that works once and not for long; only the SHA-256 of its secret is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    purpose = models.CharField(max_length=20, choices=LinkPurpose)
    digest = models.CharField(max_length=64, unique=True)
    project = models.ForeignKey("Project", null=True, on_delete=models.CASCADE, related_name="links")
    role = models.CharField(max_length=10, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="link_names_what_it_opens",
                condition=Q(purpose=LinkPurpose.INVITATION, project__isnull=False, user__isnull=True)
                | Q(purpose=LinkPurpose.PASSWORD_RESET, user__isnull=False),
            )
        ]


class RateLimit(models.Model):
    """How often something happened within a window of time; counted in one atomic statement."""

    key = models.CharField(max_length=200)
    window = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(name="rate_limit_once_per_window", fields=["key", "window"])]
