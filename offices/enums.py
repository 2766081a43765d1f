"""The words of the hall."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BureauLevel(models.TextChoices):
    CITY = "city", _("City bureau")
    DISTRICT = "district", _("District bureau")


class OfficeKind(models.TextChoices):
    HALL = "hall", _("Exit-entry hall")
    EXTENSION = "extension", _("Extension point")
    STATION = "station", _("Police station")
    POP_UP = "pop_up", _("Pop-up site")


class SiteKind(models.TextChoices):
    """A place where people help themselves."""

    POINT = "point", _("Self-service site")
    SMART_HALL = "smart_hall", _("Smart hall")
    STATION = "station", _("Police station")
    STORE = "store", _("Community kiosk")


class SiteLimit(models.TextChoices):
    """Whom the machines of a site don't serve (domain.md B4; it differs between cities)."""

    STATE_STAFF = "state_staff", _("Registered state staff and members of the armed forces")
    UNDER_16 = "under_16", _("Under 16")
    ELSEWHERE = "elsewhere", _("Household registered in another province")
    BUSINESS = "business", _("Business endorsements")


class DeviceKind(models.TextChoices):
    SMART_ENDORSEMENT = "smart_endorsement", _("Smart endorsement machine")
    ACCEPTANCE = "acceptance", _("Self-service acceptance machine")
    FORM_KIOSK = "form_kiosk", _("Form kiosk")
    QUERY = "query", _("Query machine")
    PHOTO = "photo", _("Photo machine")
    COMMUNITY = "community", _("Community kiosk")


class DeviceState(models.TextChoices):
    WORKING = "working", _("Working")
    FAULTY = "faulty", _("Out of order")


class Document(models.TextChoices):
    """What a service leads to (domain.md B1)."""

    PASSPORT = "passport", _("Ordinary passport")
    HKM_PERMIT = "hkm_permit", _("HK & Macao travel permit")
    TW_PERMIT = "tw_permit", _("Taiwan travel permit")
    ENTRY_EXIT_PERMIT = "entry_exit_permit", _("Exit and entry permit")
    VISA = "visa", _("Visa")
    RESIDENCE_PERMIT = "residence_permit", _("Residence permit")
    STAY_PERMIT = "stay_permit", _("Stay permit")
    COLLECTION = "collection", _("Document collection")
    ID_CARD = "id_card", _("Resident ID card")


class Matter(models.TextChoices):
    FIRST_ISSUE = "first_issue", _("First issue")
    RENEWAL = "renewal", _("Renewal")
    REPLACEMENT = "replacement", _("Replacement")
    RE_ENDORSEMENT = "re_endorsement", _("Re-endorsement")
    EXTENSION = "extension", _("Extension")
    COLLECTION = "collection", _("Collection")


class ServiceMode(models.TextChoices):
    """How a service reaches people: 预约办、现场办、上门办 (WH-21)."""

    BOOKED = "booked", _("By appointment")
    WALK_IN = "walk_in", _("On the spot")
    HOME_VISIT = "home_visit", _("At home")


class Way(models.TextChoices):
    """How a matter can be settled, as the wizard advises."""

    EXTERNAL = "external", _("This is handled by another service")
    MACHINE = "machine", _("At a self-service machine: no appointment needed")
    HAND_IN = "hand_in", _("Hand it in at a self-service machine: no appointment needed")
    URGENT = "urgent", _("Ask for urgent handling: no appointment needed")
    ONLINE = "online", _("Online from end to end: no visit needed")
    COURIER = "courier", _("By courier: no visit needed")
    HOME_VISIT = "home_visit", _("Ask for a visit at home")
    COUNTER = "counter", _("At a counter, by appointment")


class MaterialFor(models.TextChoices):
    """Who alone brings a material of a guide."""

    UNDER_16 = "under_16", _("Under 16")
    STATE_STAFF = "state_staff", _("Registered state staff and members of the armed forces")
    WITH_PURPOSE = "with_purpose", _("Purposes other than tourism")


class Audience(models.TextChoices):
    """Whom a service is for, by the identity document that they hold."""

    MAINLAND = "mainland", _("Mainland residents")
    FOREIGN = "foreign", _("Foreign nationals")
    ANYONE = "anyone", _("Anyone")


class CounterKind(models.TextChoices):
    ACCEPTANCE = "acceptance", _("Acceptance")
    CONSULTATION = "consultation", _("Consultation")
    PHOTO = "photo", _("Photo")
    PAYMENT = "payment", _("Payment")
    COLLECTION = "collection", _("Collection")


class SessionKind(models.TextChoices):
    EXTENDED = "extended", _("Extended hours")
    SATURDAY = "saturday", _("Saturday session")
    SUNDAY = "sunday", _("Sunday session")
    HOLIDAY = "holiday", _("Holiday session")
    PRE_HOLIDAY = "pre_holiday", _("Pre-holiday session")
    STUDENT = "student", _("Student session")
    OFF_PEAK = "off_peak", _("Off-peak session")
    POP_UP = "pop_up", _("Pop-up session")


class SeasonKind(models.TextChoices):
    """Times of the year in which more people come (XM-24)."""

    SPRING_FESTIVAL = "spring_festival", _("Spring Festival")
    WINTER_BREAK = "winter_break", _("Winter break")
    SUMMER_BREAK = "summer_break", _("Summer break")
    NATIONAL_DAY = "national_day", _("National Day")
    EXAMINATIONS = "examinations", _("Examinations")
    OTHER = "other", _("Other peak")


class DutyRole(models.TextChoices):
    """What somebody is down for on a day (HB-06, XM-34)."""

    LEADER = "leader", _("Duty leader")
    OFFICER = "officer", _("Duty officer")
    ON_CALL = "on_call", _("On call")


class Matters(models.TextChoices):
    """What a change of the organisation is about."""

    POLICY = "policy", _("Policy")
    SERVICE = "service", _("Services")
    ACCESS = "access", _("Access")
    HOURS = "hours", _("Weekly hours")
    CALENDAR = "calendar", _("Calendar")
    SEASON = "season", _("Seasons")
    ROSTER = "roster", _("Duty roster")
    SESSION = "session", _("Sessions")
    DEVICE = "device", _("Self-service sites")
    HALL = "hall", _("Halls and bureaus")


class HolidayKind(models.TextChoices):
    HOLIDAY = "holiday", _("Public holiday")
    MAKE_UP_WORKDAY = "make_up_workday", _("Make-up workday")


class Role(models.TextChoices):
    CLERK = "clerk", _("Clerk")
    GUIDE = "guide", _("Service guide")
    SUPERVISOR = "supervisor", _("Supervisor")
    PLANNER = "planner", _("Planner")
    OVERSEER = "overseer", _("Overseer")
    SECURITY_ADMIN = "security_admin", _("Security administrator")


class Pool(models.TextChoices):
    """For whom the places of a slot are kept. Lives here because hours carry their shares."""

    ONLINE = "online", _("Online")
    ASSISTED = "assisted", _("Assisted (phone and counter)")
    WALK_IN = "walk_in", _("Walk-in")


class Feature(models.TextChoices):
    """What a hall has besides counters."""

    FREE_COPYING = "free_copying", _("Free copying")
    FREE_PHOTOS = "free_photos", _("Free photos")
    FORM_KIOSKS = "form_kiosks", _("Form kiosks")
    SMART_ENDORSEMENT = "smart_endorsement", _("Smart endorsement machines")
    COURIER_DESK = "courier_desk", _("Courier desk")


class UrgentReason(models.TextChoices):
    """Why somebody can't wait: the eight national reasons, and those of LOCAL_REASONS.

    Lives here because a policy says which of these an office takes besides (domain.md B6).
    """

    FUNERAL = "funeral", _("To attend a funeral")
    VISIT_CRITICAL = "visit_critical", _("To visit somebody critically ill")
    MEDICAL = "medical", _("Urgent treatment of a serious illness")
    EMERGENCY_ABROAD = "emergency_abroad", _("To deal with an emergency abroad")
    MEETING = "meeting", _("An urgent meeting or negotiation")
    CONTRACT = "contract", _("A contract about to be signed")
    STUDY = "study", _("Enrolment abroad is near")
    DOC_LOST = "doc_lost", _("Document lost or damaged before the journey")
    VISA_EXPIRING = "visa_expiring", _("A visa or entry permit about to expire")
    TRAINING = "training", _("Training or academic exchange")
    DEADLINE = "deadline", _("A deadline of another authority")
    OTHER = "other", _("Another reason that the province accepts")


# Each province may accept them or not.
LOCAL_REASONS = (
    UrgentReason.VISA_EXPIRING,
    UrgentReason.TRAINING,
    UrgentReason.DEADLINE,
    UrgentReason.OTHER,
)


class Residence(models.TextChoices):
    """Where people come from, seen from a hall (XM-19)."""

    LOCAL = "local", _("This city")
    IN_PROVINCE = "in_province", _("Elsewhere in the province")
    ELSEWHERE = "elsewhere", _("Another province")
    NOT_KNOWN = "not_known", _("A place that we can't assign")
    NOT_SAID = "not_said", _("Not stated")
