"""What leaves the house and can be checked outside it: checkpoints for witnesses, evidence packs, and their verifier."""
