"""Taking on an integrator."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from partners.domain.keys import issue_key
from partners.enums import Scope
from partners.models import ApiKey, Partner


@transaction.atomic
def register(name: str, scopes: Sequence[str], office_codes: Sequence[str]) -> tuple[ApiKey, str]:
    """A new key and its token, shown once. Raises ValidationError for unknown names.

    A partner that is there already keeps its keys and offices; both are added to.
    """
    _require_known("scope", scopes, Scope.values)
    # `offices` is the model's relation: partners import no other app.
    offices = Partner._meta.get_field("offices").related_model._default_manager
    known = dict(offices.order_by("code").values_list("code", "pk"))
    _require_known("office", office_codes, known)
    partner, _created = Partner.objects.get_or_create(name=name)
    partner.offices.add(*(known[code] for code in office_codes))
    return issue_key(partner, scopes)


def _require_known(kind: str, given: Sequence[str], known: Iterable[str]) -> None:
    listed = ", ".join(known) or "none yet"
    if not given:
        raise ValidationError(f"Give at least one {kind}. There are: {listed}.")
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise ValidationError(f"Unknown {kind}: {', '.join(unknown)}. There are: {listed}.")
