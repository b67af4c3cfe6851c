"""Where a notice may go: https to public addresses, others only where the operator names their network; never elsewhere.

Server-side request forgery is what this is against: an address inside the house must not be reachable by giving it as
the receiver, neither by its number nor by a name that leads to it, nor by a name that leads somewhere else later on.
"""

import socket
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from xianxue.kernel.commands import Refused

Address = IPv4Address | IPv6Address
LONGEST = 300
PORTS = {"https": 443, "http": 80}
# Prefixes under which an IPv4 address hides inside an IPv6 one.
NAT64 = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))


@dataclass(frozen=True)
class Target:
    """A receiver with the very address to connect to: looked up once, so that a name cannot lead elsewhere."""

    scheme: str
    host: str
    port: int
    path: str
    address: str


def target_of(url: str) -> Target:
    """The receiver of an address. Looks the name up. Raises Refused where a notice may not go."""
    scheme, host, port, path = _parts(url)
    found = [ip_address(text) for text in _looked_up(host, port)]
    if not found or not all(_is_allowed(address) for address in found):
        raise Refused(_("未能使用这个接收地址：它在内网，或者找不到。请换成公网地址，或请管理员把网段列入允许范围。"))
    if scheme == "http" and not all(address.is_loopback for address in found):
        raise Refused(_("未能使用这个接收地址：须以 https:// 开头。请改用 https。"))
    return Target(scheme, host, port, path, str(found[0]))


def _parts(url: str) -> tuple[str, str, int, str]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= LONGEST
    if (
        not plain
        or parts.scheme not in PORTS
        or not parts.hostname
        or parts.username
        or parts.password
        or parts.fragment
    ):
        raise Refused(_("未能使用这个接收地址：须是 https:// 开头的完整网址，不带用户名。请修改。"))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, parts.hostname, PORTS[parts.scheme] if port is None else port, path


def _looked_up(host: str, port: int) -> list[str]:
    with suppress(ValueError):
        return [str(ip_address(host))]
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(item[4][0]).partition("%")[0] for item in found))


def _is_allowed(address: Address) -> bool:
    plain = address.ipv4_mapped or address if isinstance(address, IPv6Address) else address
    if any(plain in ip_network(network, strict=False) for network in settings.WEBHOOK_NETWORKS):
        return True
    if isinstance(plain, IPv6Address) and (
        plain.sixtofour or plain.teredo or any(plain in network for network in NAT64)
    ):
        return False
    return plain.is_global and not plain.is_multicast and not plain.is_reserved
