from applicants.models.account import Account
from applicants.models.applicant import Applicant
from applicants.models.code import CodeBreaker, CodeHour, SignInCode
from applicants.models.consent import Consent
from applicants.models.contact_point import ContactPoint
from applicants.models.external import ExternalIdentity
from applicants.models.group import Group, GroupMember
from applicants.models.message import Message
from applicants.models.suspension import Suspension

__all__ = [
    "Account",
    "Applicant",
    "CodeBreaker",
    "CodeHour",
    "Consent",
    "ContactPoint",
    "ExternalIdentity",
    "Group",
    "GroupMember",
    "Message",
    "SignInCode",
    "Suspension",
]
