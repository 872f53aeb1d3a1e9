"""A token is its owner's role cut by its scope; the role itself is `policies`' business."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from annotations.models import ApiToken, TokenScope

if TYPE_CHECKING:  # rest_framework.views reads the settings, which name this module
    from rest_framework.views import APIView

_RANK: Final = {TokenScope.READ: 0, TokenScope.ANNOTATE: 1, TokenScope.MANAGE: 2}


class ScopeAllows(BasePermission):
    """Safe methods need `read`; others what the view says in `write_scope`, else `manage`."""

    message = "The scope of this token does not allow it."

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the request's token, if it has one, reaches far enough."""
        token = request.auth
        if not isinstance(token, ApiToken):
            return True
        needed = getattr(view, "write_scope", TokenScope.MANAGE)
        if request.method in SAFE_METHODS:
            needed = TokenScope.READ
        return _RANK[TokenScope(token.scope)] >= _RANK[needed]
