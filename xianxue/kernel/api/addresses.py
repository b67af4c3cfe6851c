"""Where a request comes from, and whether that is among the networks that a token may be used from."""

from collections.abc import Iterable
from ipaddress import ip_address, ip_network

from django.http import HttpRequest

UNKNOWN = "0.0.0.0"  # noqa: S104 - a name for "nowhere", nothing listens there


def address_of(request: HttpRequest) -> str:
    """The address a request comes from. A proxy is believed only when it runs on this machine."""
    direct = str(request.META.get("REMOTE_ADDR", ""))
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    try:
        found = ip_address(forwarded) if forwarded and ip_address(direct).is_loopback else ip_address(direct)
    except ValueError:
        return UNKNOWN
    return str(found)


def read_networks(text: str) -> list[str]:
    """The networks named in a text, as CIDR. Raises ValueError for what is none."""
    return [str(ip_network(part, strict=False)) for part in text.replace("，", ",").replace(",", " ").split()]


def is_inside(address: str, networks: Iterable[str]) -> bool:
    """Whether the address lies in one of the networks; no networks mean anywhere."""
    ranges = [ip_network(network) for network in networks]
    found = ip_address(address)
    return not ranges or any(found in network for network in ranges)
