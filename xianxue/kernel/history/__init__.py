"""Who did what, when, through which door: an append-only, hash-chained log of domain events."""
