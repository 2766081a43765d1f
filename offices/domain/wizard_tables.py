"""The questions and the rules of the wizard (domain.md B2–B4, B6). Only tables stand here."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from offices.enums import Document, Matter, Residence, ServiceMode, Way
from offices.models.catalogue import Material

Words = str | Promise
# Answers that a rule or a question asks for: each name with what will do.
Conditions = Mapping[str, frozenset[str]]

YES, NO = "yes", "no"
# Cities with 全程网办 that a source confirms; there are 20 (NIA, 2024-05-06).
ONLINE_CITIES = (("厦门", "Xiamen"), ("哈尔滨", "Harbin"))


class Part(IntEnum):
    """Where somebody is among the questions, from 1."""

    WHAT, WHO, HOW, ADVICE = range(1, 5)


class Age(TextChoices):
    CHILD = "child", _("Under 16")
    ADULT = "adult", _("16 to 59")
    SENIOR = "senior", _("60 or older")


class Purpose(TextChoices):
    TOURISM = "tourism", _("Tourism")
    BUSINESS = "business", _("Business, several entries")
    OTHER = "other", _("Family visit, study, work or another purpose")


class PermitForm(TextChoices):
    CARD = "card", _("A card")
    BOOKLET = "booklet", _("A booklet")


@dataclass(frozen=True, slots=True)
class Question:
    """`options`: pairs of value and words. Asked where one of `when` holds."""

    name: str
    part: Part
    text: Words
    options: tuple[tuple[str, Words], ...]
    when: tuple[Conditions, ...] = ({},)
    hint: Words = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """Where all of `when` holds, the matter can be settled this way: `why`, and by which source."""

    way: Way
    when: Conditions
    why: Words
    source: Words = ""


def _when(**answers: str | tuple[str, ...]) -> Conditions:
    return {
        name: frozenset((wanted,) if isinstance(wanted, str) else wanted)
        for name, wanted in answers.items()
    }


_OURS = (Document.PASSPORT, Document.HKM_PERMIT, Document.TW_PERMIT)
_WITH_ENDORSEMENTS = (Document.HKM_PERMIT, Document.TW_PERMIT)
_AGAIN = (Matter.RENEWAL, Matter.REPLACEMENT)
_GROWN_UP = (Age.ADULT, Age.SENIOR)
_AT_MACHINES = (Purpose.TOURISM, Purpose.BUSINESS)
_HKM_ENDORSEMENT = _when(document=Document.HKM_PERMIT, matter=Matter.RE_ENDORSEMENT)
_YES_OR_NO: tuple[tuple[str, Words], ...] = ((YES, _("Yes")), (NO, _("No")))

MATTERS: tuple[tuple[str, Words], ...] = (
    (Matter.FIRST_ISSUE, _("My first one")),
    (Matter.RENEWAL, _("A new one: mine is about to expire, full or damaged")),
    (Matter.REPLACEMENT, _("A new one: mine is lost or stolen")),
    (Matter.RE_ENDORSEMENT, _("An endorsement in the valid permit that I hold")),
)
# Options that not every document has.
OPTION_WHEN: Mapping[tuple[str, str], Conditions] = {
    ("matter", Matter.RE_ENDORSEMENT): _when(document=_WITH_ENDORSEMENTS),
}

QUESTIONS = (
    Question(
        "document",
        Part.WHAT,
        _("Which document is it about?"),
        tuple((d.value, d.label) for d in Document if d != Document.ENTRY_EXIT_PERMIT),
    ),
    Question("matter", Part.WHAT, _("What do you need?"), MATTERS, (_when(document=_OURS),)),
    Question(
        "purpose",
        Part.WHAT,
        _("What do you travel for?"),
        tuple(Purpose.choices),
        (_when(matter=Matter.RE_ENDORSEMENT),),
    ),
    Question(
        "permit",
        Part.WHAT,
        _("What does your permit look like?"),
        tuple(PermitForm.choices),
        ({**_HKM_ENDORSEMENT, **_when(purpose=_AT_MACHINES)},),
    ),
    Question(
        "age",
        Part.WHO,
        _("How old is the applicant?"),
        tuple(Age.choices),
        (_when(document=_OURS),),
    ),
    Question(
        "staff",
        Part.WHO,
        _("Is the applicant registered state staff or a member of the armed forces?"),
        _YES_OR_NO,
        (_when(document=_OURS, age=_GROWN_UP),),
        _("Registered state staff need a letter of consent from their employer."),
    ),
    Question(
        "residence",
        Part.WHO,
        _("Where is the household registered?"),
        (
            (Residence.LOCAL, _("In the city where I apply")),
            (Residence.IN_PROVINCE, _("In another city of this province")),
            (Residence.ELSEWHERE, _("In another province")),
        ),
        (_when(document=_OURS),),
        _("You can apply anywhere in the country; across provinces it may take longer."),
    ),
    Question(
        "online_city",
        Part.WHO,
        _("Is it a city where renewals are handled online?"),
        _YES_OR_NO,
        (_when(matter=_AGAIN, age=_GROWN_UP, staff=NO, residence=Residence.LOCAL),),
        _("As far as we know: %(cities)s."),
    ),
    Question(
        "fingerprints",
        Part.WHO,
        _("Has the applicant given fingerprints for such a document before?"),
        ((YES, _("Yes")), (NO, _("No, or I don't know"))),
        (
            _when(online_city=YES),
            _when(permit=tuple(PermitForm), age=_GROWN_UP, staff=NO),
        ),
        _("From the age of 16 they are taken when applying at a counter."),
    ),
    Question(
        "come",
        Part.HOW,
        _("Can the applicant come to an office?"),
        ((YES, _("Yes")), (NO, _("No, that isn't possible"))),
        (_when(document=_OURS),),
    ),
    Question(
        "urgent",
        Part.HOW,
        _("Is it urgent?"),
        _YES_OR_NO,
        (_when(document=_OURS),),
        _(
            "A funeral, somebody critically ill, treatment, an emergency abroad, an urgent "
            "meeting or contract, the beginning of studies, a document lost just before the "
            "journey. You will be asked for proof."
        ),
    ),
)

_NIA_2024 = _("National Immigration Administration, measures of 6 May 2024")

# The first that holds is the advice; those after it are also possible. The last always holds.
RULES = (
    Rule(
        Way.EXTERNAL,
        _when(document=Document.ID_CARD),
        _("Identity cards are a matter of the household police, who have a service of their own."),
    ),
    Rule(
        Way.MACHINE,
        {
            **_HKM_ENDORSEMENT,
            **_when(
                purpose=_AT_MACHINES,
                permit=PermitForm.CARD,
                age=_GROWN_UP,
                staff=NO,
                fingerprints=YES,
                come=YES,
            ),
        },
        _(
            "With a permit in card form and fingerprints on file, a smart endorsement machine "
            "makes tourist and business endorsements in a few minutes, without an appointment."
        ),
        _NIA_2024,
    ),
    Rule(
        Way.HAND_IN,
        {
            **_HKM_ENDORSEMENT,
            **_when(
                purpose=Purpose.TOURISM,
                permit=PermitForm.BOOKLET,
                age=_GROWN_UP,
                staff=NO,
                fingerprints=YES,
                come=YES,
            ),
        },
        _(
            "A self-service acceptance machine takes the application for a booklet; the "
            "endorsement itself is made at the office."
        ),
        _("Practice of Xiamen's exit-entry administration, 2018"),
    ),
    Rule(
        Way.URGENT,
        _when(document=_OURS, urgent=YES, come=YES),
        _("Urgent journeys for a recognised reason are dealt with at once."),
        _("Passport Law and the national list of urgent reasons"),
    ),
    Rule(
        Way.ONLINE,
        _when(
            document=_OURS,
            matter=_AGAIN,
            age=_GROWN_UP,
            staff=NO,
            residence=Residence.LOCAL,
            online_city=YES,
            fingerprints=YES,
            urgent=NO,
        ),
        _(
            "Residents of a pilot city who are 16 or older, are not registered state staff and "
            "have fingerprints on file renew documents online, without coming."
        ),
        _NIA_2024,
    ),
    Rule(
        Way.COURIER,
        {
            **_HKM_ENDORSEMENT,
            **_when(purpose=Purpose.TOURISM, age=_GROWN_UP, staff=NO, urgent=NO),
        },
        _("A courier can fetch the permit and bring it back with the tourist endorsement."),
        _("Practice of Xiamen's exit-entry administration, 2018"),
    ),
    Rule(
        Way.HOME_VISIT,
        _when(document=_OURS, come=NO),
        _("Officers come with their equipment to people who can't leave their home."),
        _("Practice of Wuhan's exit-entry offices, 2024"),
    ),
    Rule(Way.COUNTER, {}, _("This is handled at the counter of an office, by appointment.")),
)

# Of endorsements; their guides name that of a single entry alone (domain.md B1).
FEES: Mapping[tuple[str, str], Words] = {
    (Document.HKM_PERMIT, Purpose.TOURISM): _(
        "15 yuan for one entry, 30 yuan for two, for Hong Kong and Macao separately"
    ),
    (Document.HKM_PERMIT, Purpose.BUSINESS): _(
        "80 to 240 yuan by validity, for Hong Kong and Macao separately"
    ),
    (Document.TW_PERMIT, Purpose.TOURISM): _("15 yuan for one entry"),
    (Document.TW_PERMIT, Purpose.BUSINESS): _("80 yuan for several entries"),
}

# How the service must be offered for a way to be open (WH-21). The others need nobody at a desk.
MODE_OF: Mapping[Way, ServiceMode] = {
    Way.COUNTER: ServiceMode.BOOKED,
    Way.URGENT: ServiceMode.WALK_IN,
    Way.HOME_VISIT: ServiceMode.HOME_VISIT,
}

# A machine asks for less than a counter does.
AT_MACHINE: tuple[Material, ...] = (
    {"name": "卡式通行证", "name_en": "The permit, in card form", "note": "", "note_en": ""},
    {
        "name": "居民身份证",
        "name_en": "Resident ID card",
        "note": "费用可扫码或刷卡支付",
        "note_en": "The fee is paid by code or card",
    },
)
