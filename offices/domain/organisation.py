"""The tree of bureaus and the offices on it (HB-20)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from offices.domain.permissions import with_those_below
from offices.models import Bureau, Office
from offices.models.organisation import OfficeQuerySet


@dataclass(frozen=True, slots=True)
class Branch:
    """A bureau of a tree with its own offices; `depth` is 0 for the one at the top."""

    bureau: Bureau
    depth: int
    offices: tuple[Office, ...]


def offices_below(bureau: Bureau) -> OfficeQuerySet:
    """The offices of the bureau and of all bureaus below it."""
    return Office.objects.filter(bureau_id__in=with_those_below({bureau.pk}))


def tree(bureau: Bureau) -> list[Branch]:
    """The bureau and all below it, each followed by its children.

    An extension point comes after its hall (XM-38). A query for each level, and two.
    """
    below = with_those_below({bureau.pk})
    children: dict[int | None, list[Bureau]] = defaultdict(list)
    for child in Bureau.objects.filter(pk__in=below).exclude(pk=bureau.pk):
        children[child.parent_id].append(child)
    offices: dict[int, list[Office]] = defaultdict(list)
    for office in Office.objects.filter(bureau_id__in=below).select_related("parent"):
        offices[office.bureau_id].append(office)
    return list(_branches(bureau, 0, children, offices))


def _branches(
    bureau: Bureau,
    depth: int,
    children: Mapping[int | None, Sequence[Bureau]],
    offices: Mapping[int, Sequence[Office]],
) -> Iterator[Branch]:
    yield Branch(bureau, depth, tuple(_with_points(offices.get(bureau.pk, ()))))
    for child in children.get(bureau.pk, ()):
        yield from _branches(child, depth + 1, children, offices)


def _with_points(offices: Sequence[Office]) -> Iterator[Office]:
    here = {office.pk for office in offices}
    for office in offices:
        if office.parent_id not in here:
            yield office
            yield from (point for point in offices if point.parent_id == office.pk)
