"""Restricted reading: a domain's own grant, a purpose, a record that the person concerned can be shown, emergencies."""

from xianxue.kernel.restricted.declaration import Domain, declare, domains, get, overseers

__all__ = ["Domain", "declare", "domains", "get", "overseers"]
