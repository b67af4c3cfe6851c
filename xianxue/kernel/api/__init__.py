"""Other programs' door: `/api/v1`, made of the registers, with tokens, idempotent writes and webhooks."""
