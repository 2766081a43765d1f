"""How crispy forms come out: what a screen reader is told about each field."""

import re

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.utils import render_crispy_form
from django import forms
from django.utils import translation

CHOICES = [("id", "居民身份证"), ("passport", "护照")]


class PersonForm(forms.Form):
    name = forms.CharField(label="姓名", help_text="与证件一致")
    note = forms.CharField(label="备注", required=False)
    id_type = forms.ChoiceField(label="证件类型", choices=CHOICES, widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="已核对")

    def clean(self) -> None:
        raise forms.ValidationError("这些人中有人已有预约。")


def rendered(data: dict[str, str] | None, method: str = "post") -> str:
    helper = FormHelper()
    helper.form_method = method
    with translation.override("zh-hans"):
        return render_crispy_form(PersonForm(data), helper)


def attribute(html: str, element_id: str, name: str) -> list[str]:
    tag = re.search(rf'<[^>]*\bid="{element_id}"[^>]*>', html)
    assert tag, element_id
    value = re.search(rf'\b{name}="([^"]*)"', tag[0])
    return value[1].split() if value else []


def test_hint_and_error_are_read_with_their_field() -> None:
    html = rendered({})
    assert attribute(html, "id_name", "aria-describedby") == ["id_name_helptext", "id_name_error"]
    assert attribute(html, "div_id_id_type", "aria-describedby") == ["id_id_type_error"]
    assert attribute(html, "id_agreed", "aria-describedby") == ["id_agreed_error"]
    for described in ("id_name_helptext", "id_name_error", "id_id_type_error", "id_agreed_error"):
        assert html.count(f'id="{described}"') == 1


def test_error_stands_between_label_and_control() -> None:
    html = rendered({})
    places = [html.index(part) for part in ('for="id_name"', 'id="id_name_error"', 'id="id_name"')]
    assert places == sorted(places)


def test_summary_leads_to_each_refused_field_and_tells_what_concerns_the_whole_form() -> None:
    html = rendered({})
    targets = re.findall(r'href="#([^"]+)"', html)
    assert targets == ["id_name", "id_id_type_0", "id_agreed"]
    assert [html.count(f'id="{target}"') for target in targets] == [1, 1, 1]
    assert html.count("这些人中有人已有预约。") == 1


def test_untouched_form_shows_no_summary() -> None:
    assert "error-summary" not in rendered(None)


def test_radio_buttons_are_grouped_under_their_question() -> None:
    html = rendered(None)
    assert re.search(r'<fieldset id="div_id_id_type"[^>]*>\s*<legend[^>]*>证件类型', html)


@pytest.mark.parametrize(("method", "marked"), [("post", 1), ("get", 0)])
def test_only_optional_fields_of_an_answer_are_marked(method: str, marked: int) -> None:
    assert rendered(None, method).count("选填") == marked


def test_what_is_added_to_chinese_words_has_chinese_punctuation() -> None:
    html = re.sub(r"<[^>]*>", "", rendered({}))
    assert "备注（选填）" in html
    assert "错误：" in html
    assert not re.search(r"[\u4e00-\u9fff] ?[(:]", html)


def test_browser_leaves_checking_to_the_server() -> None:
    assert re.search(r"<form[^>]*\bnovalidate\b", rendered(None))
