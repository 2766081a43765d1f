"""Lists in pages that stay right while rows are added."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request


class CursorPages(CursorPagination):
    """A view names a unique column in `ordering`."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        try:
            return super().paginate_queryset(queryset, request, view) or []
        except (NotFound, ValueError) as error:
            # A cursor that we never gave out may hold anything, also what a column can't.
            raise ValidationError({"cursor": [_("This cursor is not one of ours.")]}) from error

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:  # noqa: ARG002
        return (view.ordering,)
