"""What is wrong with a form, in the lines of its summary."""

from collections import Counter
from dataclasses import dataclass

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

register = template.Library()

ENDS = ("?", "？", ":", "：")


@dataclass(frozen=True)
class ErrorLine:
    """`target` is the id of the control that the line leads to, if it is about one."""

    text: str
    target: str = ""


@register.simple_tag
def error_lines(form: object) -> list[ErrorLine]:
    """Once a form: a page that sums up at its top what crispy would sum up again."""
    if not isinstance(form, forms.BaseForm) or not form.errors or hasattr(form, "summed_up"):
        return []
    form.summed_up = True  # type: ignore[attr-defined]
    by_field = [(field, str(error)) for field in form for error in field.errors]
    often = Counter(error for _field, error in by_field)
    return [
        *(ErrorLine(str(error)) for error in form.non_field_errors()),
        *(
            ErrorLine(
                _named(field, error) if often[error] > 1 or _is_stock(error) else error,
                _control(field),
            )
            for field, error in by_field
        ),
    ]


def _is_stock(error: str) -> bool:
    """Says what is wrong, and not where."""
    return error == forms.Field.default_error_messages["required"]


def _named(field: BoundField, error: str) -> str:
    label = str(field.label)
    if label.endswith(ENDS):
        return f"{label} {error}"
    return _("%(field)s: %(error)s") % {"field": label, "error": error}


def _control(field: BoundField) -> str:
    """The first of several, where the field is a group."""
    return field.id_for_label or f"{field.auto_id}_0"
