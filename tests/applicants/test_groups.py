"""Organisations come and go with their accounts."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from applicants import tasks
from applicants.domain.groups import GroupRefused, ask_admission, decide_admission, leave_all
from applicants.domain.retention import forget_groups
from applicants.enums import GroupState
from applicants.models import Account, Group, GroupMember
from tests.citizens import make_account
from tests.factories import NOW
from tests.staff import make_staff

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
CODE = "91350200MA2XYJ6N04"


def asked(account: Account) -> Group:
    group = Group(
        name="厦门某电子有限公司",
        kind="enterprise",
        credit_code=CODE,
        contact_name="演示经办",
        contact_phone="+8613800138000",
        office_code="xiamen-zhenhai",
    )
    return ask_admission(account, group, NOW)


def decided(group: Group, *, admit: bool) -> Group:
    staff = make_staff(username="officer")
    return decide_admission(group.pk, admit=admit, reason="执照已核对", by=staff, now=NOW)


def reached(group: Group) -> tuple[str, str, str]:
    group.refresh_from_db()
    return group.state, group.contact_name, group.contact_phone


def test_with_its_last_account_an_organisation_lapses_and_may_ask_anew() -> None:
    account, other = make_account(), make_account("+8613900139000")
    group = decided(asked(account), admit=True)
    with pytest.raises(GroupRefused):
        asked(other)
    leave_all(account)
    assert reached(group) == (GroupState.LAPSED, "", "")
    assert asked(other).state == GroupState.ASKED


def test_it_goes_on_while_another_account_books_for_it() -> None:
    account, other = make_account(), make_account("+8613900139000")
    group = decided(asked(account), admit=True)
    GroupMember.objects.create(group=group, account=other, added_at=NOW)
    leave_all(account)
    assert reached(group) == (GroupState.ADMITTED, "演示经办", "+8613800138000")
    leave_all(other)
    assert reached(group) == (GroupState.LAPSED, "", "")


def test_a_refusal_stays_one_when_its_account_goes() -> None:
    account = make_account()
    group = decided(asked(account), admit=False)
    leave_all(account)
    assert reached(group) == (GroupState.REFUSED, "", "")


def test_what_has_lapsed_is_no_longer_decided() -> None:
    account = make_account()
    group = asked(account)
    leave_all(account)
    with pytest.raises(GroupRefused):
        decided(group, admit=True)


def test_ninety_days_after_a_refusal_nobody_knows_whom_to_call() -> None:
    group = decided(asked(make_account()), admit=False)
    assert forget_groups(NOW + 89 * DAY) == 0
    assert forget_groups(NOW + 91 * DAY) == 1
    assert reached(group) == (GroupState.REFUSED, "", "")
    assert forget_groups(NOW + 91 * DAY) == 0


def test_whoever_may_book_is_still_called() -> None:
    group = decided(asked(make_account()), admit=True)
    assert forget_groups(NOW + 900 * DAY) == 0
    assert group.contact_phone == "+8613800138000"


def test_the_nights_task_does_it() -> None:
    group = decided(asked(make_account()), admit=False)
    Group.objects.update(decided_at=NOW - 1000 * DAY)
    tasks.forget_ended()
    assert reached(group) == (GroupState.REFUSED, "", "")


@pytest.mark.django_db(transaction=True)
def test_the_migration_lets_go_of_what_was_deserted_before() -> None:
    group = asked(make_account())
    Account.objects.all().delete()
    with schema_before():
        pass
    assert reached(group) == (GroupState.LAPSED, "", "")


@pytest.mark.django_db(transaction=True)
def test_the_migration_can_be_undone_when_a_code_was_asked_for_anew() -> None:
    account = make_account()
    group = asked(account)
    leave_all(account)
    other = asked(account)
    with schema_before():
        assert reached(group)[0] == GroupState.REFUSED
    assert reached(other)[0] == GroupState.ASKED


@contextmanager
def schema_before() -> Iterator[None]:
    """As it was before organisations could lapse."""
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        migrate([("applicants", "0013_name_only_kinds_that_are_sent")])
        yield
    finally:
        migrate(latest)


def migrate(targets: list[tuple[str, str]]) -> None:
    MigrationExecutor(connection).migrate(targets)
