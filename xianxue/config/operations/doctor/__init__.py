"""What an administrator asks first when something seems wrong: each part of the installation, its state, and what to do."""

from xianxue.config.operations.doctor.finding import Finding, Level, examine

__all__ = ["Finding", "Level", "examine"]
