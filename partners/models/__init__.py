from partners.models.idempotency import IdempotencyKey
from partners.models.partner import ApiKey, Partner

__all__ = ["ApiKey", "IdempotencyKey", "Partner"]
