"""What a key may do, and who asks."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from partners.api.authentication import Caller


class HasScope(BasePermission):
    """The view's `scopes` name what each method needs; any one of them is enough."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.user, Caller):
            return False
        needed = view.scopes.get(request.method, ())
        return any(request.user.may(scope) for scope in needed)
