"""Keeping an installation running: backup and restore, its state of health, what it counts, and what it does by itself."""
