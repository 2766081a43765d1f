"""The booking policy: numbers that a bureau sets once and its offices inherit (domain.md B5)."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, get_type_hints

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from offices.enums import LOCAL_REASONS, Pool
from offices.models import Bureau, Office


@dataclass(frozen=True, slots=True)
class BookingPolicy:
    """One office's rules. Minutes, days and local times; percentages for shares."""

    horizon_days: int = 14
    release_time: dt.time = dt.time(8, 0)
    slot_minutes: int = 30
    minutes_per_person: int = 20
    # Of somebody who did forms and photo at a machine before (WH-02).
    minutes_pre_accepted: int = 10
    hold_minutes: int = 10
    # A place that comes free in a full window is held so long for who waits first, and never past
    # so many minutes before the window.
    waiting_offer_minutes: int = 120
    waiting_last_minutes: int = 240
    # What nobody waits for is shown again at a random moment within so many minutes.
    reappear_minutes: int = 10
    max_party: int = 5
    # Of an enterprise, a school or a travel agency that was admitted (HB-26, WH-17).
    max_group: int = 30
    max_services: int = 3
    # A place per person, or one per document ("一号一证", Zhuhai).
    place_per_document: bool = False
    # None: until 24:00 of the day before; otherwise minutes before the slot starts.
    change_cutoff_minutes: int | None = None
    check_in_early_minutes: int = 30
    check_in_grace_minutes: int = 15
    no_show_limit: int = 3
    no_show_window_days: int = 180
    suspension_days: int = 30
    # Assisted places that nobody claimed go online at this time of the day before.
    reserve_release_time: dt.time = dt.time(18, 0)
    reminder_time: dt.time = dt.time(18, 0)
    reminder_minutes_before: int = 120
    open_on_holidays: bool = False
    # False: appointments only, urgent matters aside. True: nobody is refused for lack of one.
    walk_in_always: bool = True
    # From this day on by appointment only, urgent matters and exemptions aside (JJ-09).
    appointment_only_from: dt.date | None = None
    # Whom the roster needs on a weekend day or public holiday that is worked (HB-06, XM-34).
    off_day_leaders: int = 1
    off_day_officers: int = 2
    holiday_on_call: int = 1
    # A window so full on the day before is proposed for more places (FS-11).
    suggest_above_percent: int = 90
    suggest_more_percent: int = 20
    # An estimated wait of more minutes proposes a longer session (JJ-22).
    wait_alert_minutes: int = 60
    # Urgent reasons beside the eight national ones, as the province allows (domain.md B6).
    urgent_reasons: tuple[str, ...] = ()
    # Evidence of an urgent request is deleted so long after it was decided or needed.
    evidence_days: int = 30
    # From this day on photos are taken free of charge in the halls (HB-28).
    free_photos_from: dt.date | None = None
    pool_shares: Mapping[str, int] = field(
        default_factory=lambda: {Pool.ONLINE: 80, Pool.ASSISTED: 10, Pool.WALK_IN: 10}
    )
    # The pools that a channel takes from, in this order; a party is never split over two.
    channel_pools: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: {
            "web": (Pool.ONLINE,),
            "wechat": (Pool.ONLINE,),
            "kiosk": (Pool.ONLINE,),
            "partner": (Pool.ONLINE,),
            "phone": (Pool.ASSISTED, Pool.ONLINE),
            "counter": (Pool.ASSISTED, Pool.ONLINE),
        }
    )

    @property
    def for_groups(self) -> "BookingPolicy":
        return replace(self, max_party=self.max_group)

    def pools_for(self, channel: str) -> tuple[str, ...]:
        return self.channel_pools.get(channel, (Pool.ONLINE,))


def policy_for(office: Office) -> BookingPolicy:
    """The policy in force at an office: defaults, then each bureau from the root, then its own."""
    settings: dict[str, Any] = {}
    for owner in _owners(office):
        settings |= owner.policy
    return BookingPolicy(**{name: _parse(name, value) for name, value in settings.items()})


def policy_sources(owner: Bureau | Office) -> dict[str, tuple[Any, Bureau | Office | None]]:
    """Each setting in force there, with whose it is; None for a default."""
    defaults = BookingPolicy()
    found: dict[str, tuple[Any, Bureau | Office | None]] = {
        name: (getattr(defaults, name), None) for name in POLICY_FIELDS
    }
    for each in _owners(owner):
        found |= {name: (_parse(name, value), each) for name, value in each.policy.items()}
    return found


def _owners(owner: Bureau | Office) -> list[Bureau | Office]:
    """Those whose policies add up there: the bureaus from the root, then the office."""
    owners: list[Bureau | Office] = [owner]
    bureau = owner.bureau if isinstance(owner, Office) else owner.parent
    while bureau is not None:
        owners.append(bureau)
        bureau = bureau.parent
    return owners[::-1]


_HINTS = get_type_hints(BookingPolicy)
_FROM_TEXT = {
    dt.time: dt.time.fromisoformat,
    dt.date | None: dt.date.fromisoformat,
}
POLICY_FIELDS = tuple(f.name for f in fields(BookingPolicy))


def _parse(name: str, value: Any) -> Any:
    if isinstance(value, str) and (parse := _FROM_TEXT.get(_HINTS[name])):
        return parse(value)
    if name == "channel_pools":
        return {channel: tuple(pools) for channel, pools in value.items()}
    return tuple(value) if name == "urgent_reasons" else value


def validate_policy(value: Mapping[str, Any]) -> None:
    """Refuse names and values that a policy doesn't have. Raises ValidationError."""
    for name, setting in value.items():
        if name not in POLICY_FIELDS:
            raise ValidationError(_("%(name)s is not a policy setting.") % {"name": name})
        _validate_setting(name, setting)


# Settings that something is divided by, or that nobody could book with at zero.
_AT_LEAST_ONE = {
    "slot_minutes",
    "minutes_per_person",
    "minutes_pre_accepted",
    "hold_minutes",
    "max_party",
    "max_group",
    "max_services",
    "waiting_offer_minutes",
}


def _validate_setting(name: str, setting: Any) -> None:
    if name == "pool_shares":
        validate_shares(setting)
    elif name == "channel_pools":
        _validate_channel_pools(setting)
    elif name == "urgent_reasons":
        _validate_urgent_reasons(setting)
    elif not _fits(name, setting):
        raise ValidationError(_("%(name)s has a wrong value.") % {"name": name})


def _fits(name: str, setting: Any) -> bool:
    hint = _HINTS[name]
    if hint is bool:
        return isinstance(setting, bool)
    if hint in _FROM_TEXT and setting is not None:
        return _reads_as(_FROM_TEXT[hint], setting)
    if setting is None:
        return hint not in (int, dt.time)
    return type(setting) is int and setting >= (name in _AT_LEAST_ONE)


def _reads_as(parse: Callable[[str], object], setting: Any) -> bool:
    try:
        parse(setting)
    except (TypeError, ValueError):
        return False
    return True


def validate_shares(shares: Mapping[str, int]) -> None:
    """Shares are whole percentages of the pools that add up to 100. Raises ValidationError."""
    values = list(shares.values()) if isinstance(shares, Mapping) else [-1]
    known = set(shares) <= set(Pool.values)
    if not known or any(not isinstance(v, int) or v < 0 for v in values) or sum(values) != 100:
        raise ValidationError(_("The shares of the pools must add up to 100 percent."))


def _validate_channel_pools(channels: Any) -> None:
    pools = [*channels.values()] if isinstance(channels, Mapping) else [["?"]]
    if not all(isinstance(names, list) and set(names) <= set(Pool.values) for names in pools):
        raise ValidationError(_("A channel takes from the pools online, assisted or walk_in."))


def _validate_urgent_reasons(reasons: Any) -> None:
    if not (isinstance(reasons, list) and all(reason in LOCAL_REASONS for reason in reasons)):
        raise ValidationError(
            _("Urgent reasons beside the national ones: %(codes)s.")
            % {"codes": ", ".join(LOCAL_REASONS)}
        )


def split_capacity(capacity: int, shares: Mapping[str, int]) -> dict[str, int]:
    """Places of each pool, by largest remainder, so that they add up to `capacity`.

    >>> split_capacity(30, {"online": 80, "assisted": 10, "walk_in": 10})
    {'online': 24, 'assisted': 3, 'walk_in': 3}
    """
    exact = {pool: capacity * shares.get(pool, 0) for pool in Pool.values}
    places = {pool: value // 100 for pool, value in exact.items()}
    rest = capacity - sum(places.values())
    by_remainder = sorted(Pool.values, key=lambda pool: -(exact[pool] % 100))
    for pool in by_remainder[:rest]:
        places[pool] += 1
    return places
