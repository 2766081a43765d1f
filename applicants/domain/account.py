"""What people do with their own account."""

from applicants.models import Account


def choose_language(account: Account, language: str) -> None:
    """Messages follow in it."""
    account.language = language
    account.save(update_fields=["language"])


def end_sessions(account: Account) -> None:
    """Sign out everywhere: sessions carry a hash of the password field, which citizens leave empty
    and which changes here."""
    account.set_unusable_password()
    account.save(update_fields=["password"])
