from applicants.models.account import Account, SignInCode
from applicants.models.applicant import Applicant
from applicants.models.message import Message
from applicants.models.suspension import Suspension

__all__ = ["Account", "Applicant", "Message", "SignInCode", "Suspension"]
