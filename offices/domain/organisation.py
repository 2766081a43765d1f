"""The tree of bureaus and the offices on it (HB-20)."""

from django.db.models import QuerySet

from offices.domain.permissions import with_those_below
from offices.models import Bureau, Office
from offices.models.organisation import OfficeQuerySet


def offices_below(bureau: Bureau) -> OfficeQuerySet:
    """The offices of the bureau and of all bureaus below it."""
    return Office.objects.filter(bureau_id__in=with_those_below({bureau.pk}))


def bureaus_below(bureau: Bureau) -> QuerySet[Bureau]:
    """The bureau and all below it."""
    return Bureau.objects.filter(pk__in=with_those_below({bureau.pk}))
