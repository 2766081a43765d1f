"""What whoever asks urgently types, and what the officer answers."""

import datetime as dt
from typing import Any

from crispy_forms.layout import Field
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applicants.contact import parse_phone
from applicants.enums import IdType
from applicants.identity import parse_identity
from bookings.domain.parties import Contact
from bookings.domain.urgent import Urgency
from bookings.enums import Purpose, RequestState
from bookings.forms.cards import Card, CheckboxCards, Choices, RadioCards
from bookings.forms.citizen import CARDS, helper
from bookings.forms.files import EvidenceField
from bookings.forms.typed import THIS_CENTURY, today_or_later
from offices.enums import UrgentReason

# Beyond that nothing is urgent; a booking is made two weeks ahead at most.
LATEST = dt.timedelta(days=90)
MOST_SERVICES = 5

# What shows it (domain.md B6).
PROOFS: dict[str, str | Promise] = {
    UrgentReason.FUNERAL: _("Shown by: proof of death, proof of kinship"),
    UrgentReason.VISIT_CRITICAL: _("Shown by: the hospital's notice"),
    UrgentReason.MEDICAL: _("Shown by: diagnosis, appointment at the hospital abroad"),
    UrgentReason.EMERGENCY_ABROAD: _("Shown by: news or proof of what happened"),
    UrgentReason.MEETING: _("Shown by: the invitation"),
    UrgentReason.CONTRACT: _("Shown by: the contract or invitation"),
    UrgentReason.STUDY: _("Shown by: the letter of admission"),
    UrgentReason.DOC_LOST: _("Shown by: tickets, a statement of the loss"),
    UrgentReason.VISA_EXPIRING: _("Shown by: the visa or entry permit"),
    UrgentReason.TRAINING: _("Shown by: the invitation"),
    UrgentReason.DEADLINE: _("Shown by: the announcement with its date"),
    UrgentReason.OTHER: _("Shown by: whatever proves it"),
}


class UrgencyForm(forms.Form):
    """Why, until when, for what, with which evidence."""

    reason = forms.ChoiceField(
        label=_("Why is it urgent?"),
        widget=RadioCards,
        error_messages={"required": _("Choose the reason.")},
    )
    deadline = forms.DateField(
        label=_("By which day do you need the document?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=THIS_CENTURY,
        error_messages={"required": _("Enter the day."), "invalid": _("Enter the day.")},
    )
    services = forms.MultipleChoiceField(
        label=_("Which services do you need?"),
        widget=CheckboxCards,
        error_messages={"required": _("Choose at least one service.")},
    )
    evidence = EvidenceField(
        label=_("Evidence"),
        help_text=_(
            "Photos or PDF, up to 5 files of 5 MB. You can also add them after sending this."
        ),
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        reasons: list[UrgentReason],
        services: Choices,
        today: dt.date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            (reason.value, Card(str(reason.label), hints=(str(PROOFS[reason]),)))
            for reason in reasons
        ]
        self.fields["services"].choices = services  # type: ignore[attr-defined]
        self.helper = helper(
            Field("reason", template=CARDS),
            Field("deadline", wrapper_class="field-short"),
            Field("services", template=CARDS),
            "evidence",
        )

    def clean_deadline(self) -> dt.date:
        day = today_or_later(self.cleaned_data["deadline"], self.today)
        if day > self.today + LATEST:
            raise ValidationError(
                gettext("That is more than 90 days away: book an appointment instead.")
            )
        return day

    def clean_services(self) -> list[str]:
        codes: list[str] = self.cleaned_data["services"]
        if len(codes) > MOST_SERVICES:
            text = gettext("Choose at most %(n)s services.") % {"n": MOST_SERVICES}
            raise ValidationError(text)
        return codes

    def urgency(self) -> Urgency:
        data = self.cleaned_data
        return Urgency(data["reason"], data["deadline"], tuple(data["evidence"]))


class UrgentForm(UrgencyForm):
    """A citizen asks for somebody of the household."""

    person = forms.ChoiceField(
        label=_("Whom is it for?"),
        widget=RadioCards,
        error_messages={"required": _("Choose the person.")},
    )

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = people  # type: ignore[attr-defined]
        self.helper.layout.insert(0, Field("person", template=CARDS))
        self.order_fields(["person", "reason", "deadline", "services", "evidence"])


class AtTheDeskForm(forms.Form):
    """Somebody without an account, as staff enter them."""

    name = forms.CharField(
        label=_("Full name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Enter the name.")},
    )
    id_type = forms.ChoiceField(label=_("Identity document"), choices=IdType.choices)
    id_number = forms.CharField(
        label=_("Document number"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Enter the number of the document.")},
    )
    phone = forms.CharField(
        label=_("Mobile number"),
        help_text=_("The answer goes there."),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=_("Language of the messages"), choices=settings.LANGUAGES)

    def clean_phone(self) -> str:
        text = self.cleaned_data["phone"]
        return parse_phone(text) if text else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if {"id_type", "id_number"} <= data.keys():
            try:
                data["identity"] = parse_identity(data["id_type"], data["id_number"])
            except ValidationError as error:
                self.add_error("id_number", error)
        return data

    def contact(self) -> Contact:
        return Contact(phone=self.cleaned_data["phone"], language=self.cleaned_data["language"])


class DeskUrgentForm(UrgencyForm, AtTheDeskForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        theirs = list(AtTheDeskForm.base_fields)
        self.helper.layout[:0] = theirs
        self.order_fields([*theirs, "reason", "deadline", "services", "evidence"])


class MoreEvidenceForm(forms.Form):
    evidence = EvidenceField(
        label=_("More evidence"),
        help_text=_("Photos or PDF, up to 5 files of 5 MB."),
        error_messages={"required": _("Choose at least one file.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper("evidence")


class AnswerForm(forms.Form):
    """The officer's decision. The applicant reads the answer as it stands."""

    APPROVE, MORE, REJECT = "approve", "more", "reject"

    answer = forms.CharField(
        label=_("Answer to the applicant"),
        help_text=_("Why it is approved or not, or what is missing. No personal data."),
        max_length=200,
        widget=forms.TextInput(attrs={"list": "answers", "autocomplete": "off"}),
        error_messages={"required": _("Say why. The applicant reads it.")},
    )
    # Suggested, so that reasons can be counted: 商务 and the like.
    answers = tuple(purpose.label for purpose in Purpose)


class QueueForm(forms.Form):
    """Which requests to list."""

    OPEN, ALL = "open", "all"

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
        choices=[
            (OPEN, _("All open ones")),
            *[
                (state.value, state.label)
                for state in RequestState
                if state != RequestState.ASSIGNED
            ],
            (ALL, _("All")),
        ],
    )
    reason = forms.ChoiceField(
        label=_("Reason"),
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
        choices=[("", _("All")), *UrgentReason.choices],
    )
