"""Do I need to come at all? One question a page, by links and GET: nothing is stored."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from offices.domain import catalogue, wizard
from offices.domain.wizard import Answers
from offices.domain.wizard_tables import ONLINE_CITIES, QUESTIONS, Part, Question, Words
from offices.enums import ServiceMode, Way
from offices.models import ServiceGuide
from offices.models.catalogue import materials_in_words
from offices.models.naming import in_language
from offices.pages.services import fee_words, say_working_days
from offices.wording import say_list

Row = dict[str, str]


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Each answer is a parameter named like its question; `asked` names the one sent just now."""
    answers = wizard.read_answers(request.GET)
    question = wizard.next_question(answers)
    today = timezone.localdate()
    if question is None:
        return render(request, "offices/advice.html", _advice(answers, today))
    context = {
        **_progress(question.part),
        "question": question,
        "hint": _hint(question),
        "options": _options(question, answers, today),
        "given": list(answers.items()),
        "back": _back(answers),
        "unanswered": request.GET.get("asked") == question.name,
    }
    return render(request, "offices/wizard.html", context)


def _progress(part: Part) -> dict[str, Any]:
    steps = [_("What you need"), _("Who applies"), _("How it could go"), _("Our advice")]
    return {"steps": steps, "step": part.value}


def _options(question: Question, answers: Answers, today: dt.date) -> list[tuple[str, Words]]:
    options = wizard.options_of(question, answers)
    if question.name != "document":
        return options
    offered = {service.document for service in catalogue.public_services(today).values()}
    return [(value, words) for value, words in options if value in offered]


def _hint(question: Question) -> str:
    if question.name != "online_city":
        return str(question.hint)
    return str(question.hint) % {"cities": say_list(in_language(*city) for city in ONLINE_CITIES)}


def _back(answers: Answers) -> str:
    """The question before this one; "" at the first."""
    return _address(dict(list(answers.items())[:-1])) if answers else ""


def _address(answers: Answers) -> str:
    query = urlencode(answers)
    return f"{reverse('wizard')}?{query}" if query else reverse("wizard")


# --- The advice --------------------------------------------------------------------------------


def _advice(answers: Answers, today: dt.date) -> dict[str, Any]:
    service = wizard.find_service(answers, today)
    advice = wizard.advise(answers, service.modes if service else ServiceMode.values)
    guide = catalogue.guides(today).get(service.pk) if service else None
    return {
        **_progress(Part.ADVICE),
        "advice": advice,
        "service": service,
        "limit": wizard.limit_of(answers),
        "materials": _materials(advice.way, answers, guide),
        "rows": _facts(advice.way, answers, guide),
        "answers": _answer_rows(answers),
        "bookable": service is not None and service.visit_needed,
    }


def _materials(way: Way, answers: Answers, guide: ServiceGuide | None) -> list[Row]:
    return materials_in_words(wizard.materials_for(way, answers, guide)) if guide else []


def _facts(way: Way, answers: Answers, guide: ServiceGuide | None) -> list[Row]:
    if guide is None:
        return []
    facts = [
        (_("Document fee"), wizard.fee_for(answers) or fee_words(guide)),
        (_("Processing time"), _time(way, answers, guide)),
    ]
    return [{"label": label, "value": value} for label, value in facts if value]


def _time(way: Way, answers: Answers, guide: ServiceGuide) -> str:
    if way == Way.MACHINE:
        return _("A few minutes, while you wait")
    if way == Way.URGENT:
        return _("As the office decides on your request")
    return say_working_days(wizard.days_for(answers, guide))


def _answer_rows(answers: Answers) -> list[Row]:
    """What was answered, each with the way back to its question."""
    rows, before = [], dict[str, str]()
    for question in (question for question in QUESTIONS if question.name in answers):
        value = answers[question.name]
        rows.append(
            {
                "label": str(question.text),
                "value": str(dict(question.options)[value]),
                "change_url": _address(before),
            }
        )
        before[question.name] = value
    return rows
