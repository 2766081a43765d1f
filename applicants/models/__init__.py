from applicants.models.account import Account, SignInCode
from applicants.models.applicant import Applicant
from applicants.models.consent import Consent
from applicants.models.contact_point import ContactPoint
from applicants.models.external import ExternalIdentity
from applicants.models.group import Group, GroupMember
from applicants.models.message import Message
from applicants.models.suspension import Suspension

__all__ = [
    "Account",
    "Applicant",
    "Consent",
    "ContactPoint",
    "ExternalIdentity",
    "Group",
    "GroupMember",
    "Message",
    "SignInCode",
    "Suspension",
]
