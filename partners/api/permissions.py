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
        method = "GET" if request.method == "HEAD" else str(request.method)
        if not hasattr(view, method.lower()):
            # The framework says which methods there are.
            return True
        return any(request.user.may(scope) for scope in view.scopes.get(method, ()))
