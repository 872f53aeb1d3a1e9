"""Which addresses a server may call for others: public ones, and no way around that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

from annotations.domain.errors import InvalidData
from annotations.domain.wording import _

type Network = IPv4Network | IPv6Network

LONGEST: Final = 2_000
_GLOBAL_6: Final = ip_network("2000::/3")
# Ways to say an address of the fourth version in the sixth.
_TUNNELS: Final = (ip_network("2002::/16"), ip_network("2001::/32"), ip_network("64:ff9b::/96"))


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes: `path` with its query."""

    scheme: str
    host: str
    port: int
    path: str


def target_of(url: str) -> Target:
    """The parts of an address.

    Raises:
        InvalidData: not one that is called: another scheme, a name or password in it, nonsense.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise InvalidData(_("The address cannot be read.")) from None
    plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    if parts.scheme not in {"https", "http"} or not parts.hostname or not plain or len(url) > LONGEST:
        raise InvalidData(_("An address is of the form https://HOST/PATH."))
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise InvalidData(_("An address has no name, password or fragment in it."))
    return Target(parts.scheme, parts.hostname, port, f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}")


def addresses_said(target: Target) -> list[str]:
    """The address that a host says by itself, in figures or as this machine's own name; none of a name to look up."""
    if target.host == "localhost":
        return ["127.0.0.1"]
    try:
        return [str(ip_address(target.host))]
    except ValueError:
        return []


def check_reachable(addresses: Sequence[str], *, scheme: str, allowed: Sequence[Network]) -> str:
    """The address to connect to, when every one that a name stands for may be called.

    Public ones may, over TLS; those of `allowed` networks may anyhow.

    Raises:
        InvalidData: one may not.
    """
    for address in addresses:
        found = ip_address(address.partition("%")[0])
        if any(found.version == network.version and found in network for network in allowed):
            continue
        if scheme != "https":
            raise InvalidData(_("Only addresses that begin with https:// are called."))
        if not _is_public(found):
            raise InvalidData(_("The name stands for an address that is not public."))
    if not addresses:
        raise InvalidData(_("The name stands for no address."))
    return addresses[0]


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast
    return address in _GLOBAL_6 and address.is_global and not any(address in tunnel for tunnel in _TUNNELS)
