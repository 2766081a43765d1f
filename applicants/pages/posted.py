"""What a request brings for a form."""

from django.http import HttpRequest, QueryDict


def posted(request: HttpRequest) -> QueryDict | None:
    """The body of a POST, even an empty one: a form without an answer is still an answer."""
    return request.POST if request.method == "POST" else None
