"""What was typed, once more."""

from django.http import HttpRequest

# Where in the steps a form is, rather than what was typed into it.
_STEPS = {"csrfmiddlewaretoken", "step", "seen"}


def typed_again(request: HttpRequest) -> list[tuple[str, str]]:
    """Names and values of the form, to come along with the next step as hidden fields."""
    return [
        (name, str(value))
        for name, values in request.POST.lists()
        if name not in _STEPS
        for value in values
    ]
