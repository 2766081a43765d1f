"""Parts of pages that are made once for each language."""

from typing import Any

from django.utils.translation import override

from config.templatetags.parts import part

FOOTER, ACCOUNT = "includes/site_footer.html", "includes/site_account.html"


def test_a_part_is_made_once_for_each_language() -> None:
    first = part(FOOTER)
    assert part(FOOTER) is first
    with override("en"):
        assert "Your data" in part(FOOTER)
    assert part(FOOTER) is first


def test_a_part_follows_what_it_is_about(settings: Any) -> None:
    shown = [
        part(ACCOUNT, staff=staff, signed_in=signed_in)
        for staff, signed_in in [(False, False), (False, True), (True, True)]
    ]
    assert ["登录" in shown[0], "我的预约" in shown[1], "/desk/" in shown[2]] == [True] * 3
    assert len(set(shown)) == 3
    settings.HOTLINE = "0592-2262203"
    assert "tel:0592-2262203" in part(FOOTER)
