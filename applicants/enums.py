"""The words for people and for reaching them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class IdType(models.TextChoices):
    """Identity documents (domain.md C)."""

    RESIDENT_ID = "resident_id", _("Resident ID card")
    HMT_RESIDENCE = "hmt_residence", _("Residence permit for HK, Macao and Taiwan residents")
    FOREIGN_RESIDENT = "foreign_resident", _("Foreign permanent resident ID card")
    HKM_HOME_RETURN = "hkm_home_return", _("Mainland travel permit for HK and Macao residents")
    TW_COMPATRIOT = "tw_compatriot", _("Mainland travel permit for Taiwan residents")
    PASSPORT = "passport", _("Passport")


class Relation(models.TextChoices):
    SELF = "self", _("Myself")
    SPOUSE = "spouse", _("Spouse")
    CHILD = "child", _("Child")
    PARENT = "parent", _("Parent")
    OTHER = "other", _("Someone else")


class Priority(models.TextChoices):
    """老、孕、婴、残: the priority lane (XM-31)."""

    NONE = "none", _("None")
    ELDERLY = "elderly", _("Elderly")
    PREGNANT = "pregnant", _("Pregnant")
    INFANT = "infant", _("With an infant")
    DISABLED = "disabled", _("Disabled")


class Medium(models.TextChoices):
    """How a message travels."""

    SMS = "sms", _("Text message")
    EMAIL = "email", _("E-mail")
    WECHAT = "wechat", _("WeChat")


class ConsentKind(models.TextChoices):
    """What somebody agrees to, each asked for by itself (PIPL 17, 29, 31)."""

    NOTICE = "notice", _("Privacy notice read")
    SENSITIVE = "sensitive", _("Use of sensitive data")
    CHILD = "child", _("Guardian's consent for a child under 14")


class GroupKind(models.TextChoices):
    """Who books for many people."""

    ENTERPRISE = "enterprise", _("Enterprise")
    TRAVEL_AGENCY = "travel_agency", _("Travel agency")
    SCHOOL = "school", _("School")


class GroupState(models.TextChoices):
    ASKED = "asked", _("Awaiting review")
    ADMITTED = "admitted", _("Admitted")
    REFUSED = "refused", _("Refused")
    # Its last account was deleted; another may ask for it anew.
    LAPSED = "lapsed", _("Lapsed")


class MessageKind(models.TextChoices):
    SIGN_IN_CODE = "sign_in_code", _("Sign-in code")
    CONFIRMED = "confirmed", _("Booking confirmed")
    RESCHEDULED = "rescheduled", _("Booking moved")
    CANCELLED = "cancelled", _("Booking cancelled")
    REMINDER_DAY = "reminder_day", _("Reminder, the day before")
    REMINDER_HOURS = "reminder_hours", _("Reminder, shortly before")
    NO_SHOW = "no_show", _("Missed appointment")
    SUSPENDED = "suspended", _("Online booking suspended")
    OFFICE_NOTICE = "office_notice", _("Notice from the office")
    WAITING_OFFER = "waiting_offer", _("A place from the waiting list")
    WAITING_ENDED = "waiting_ended", _("Off the waiting list")
    EARLIER_PLACE = "earlier_place", _("An earlier place is free")
    APPEAL_DECIDED = "appeal_decided", _("Appeal decided")
    URGENT_NEWS = "urgent_news", _("News of an urgent request")
    HOME_VISIT_NEWS = "home_visit_news", _("News of a home visit")
    RENEWAL_DUE = "renewal_due", _("Renewal possible from now on")
    DATA_UNUSED = "data_unused", _("Unused data are deleted soon")
    ACCOUNT_DELETED = "account_deleted", _("Account deleted")
    PARTY_REDUCED = "party_reduced", _("A person left the booking")


class MessageState(models.TextChoices):
    PENDING = "pending", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    # The gateway was asked and the answer was lost: repeating might send it twice.
    UNKNOWN = "unknown", _("Unknown")
    WITHDRAWN = "withdrawn", _("Withdrawn")
