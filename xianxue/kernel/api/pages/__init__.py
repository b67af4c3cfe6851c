"""Pages of tokens and webhooks: for their owners, and for who keeps the accounts of other systems."""
