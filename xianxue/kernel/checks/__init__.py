"""Checks: rules over facts that say passed, failed because, or skipped because; never a silent pass.

Declare a `Suite` with its checks and subjects in an app's `checks.py`; call `checking.changed` at the end of commands that
change what is checked. Runs, findings, their procedure, the night's run and the record of it follow.
"""
