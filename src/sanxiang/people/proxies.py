"""Whose address a request comes from, when proxies stand in front.

`X-Forwarded-For` is anybody's word. Of it counts only what proxies named in the settings have written: read from the right,
up to the first address that is none of theirs. Whoever keeps an address asks `source` and gets the visitor's.
"""

from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def source(request: HttpRequest) -> str:
    """The address that the request came from, behind whatever proxies."""
    return str(request.META.get("REMOTE_ADDR", ""))


def networks(text: str) -> tuple[Network, ...]:
    """The addresses and networks between commas. Raises ValueError with a Chinese sentence."""
    found = []
    for part in filter(None, map(str.strip, text.split(","))):
        try:
            found.append(ip_network(part))
        except ValueError:
            raise ValueError(
                f"SANXIANG_PROXIES 里的“{part}”不是 IP 地址或者网段，请写成 127.0.0.1 或 10.0.0.0/28"
            ) from None
    return tuple(found)


def address(text: str) -> Address | None:
    """One address as a proxy writes it, with a port or without; None for what is none."""
    told = text.strip()
    if told.startswith("["):
        told = told[1:].partition("]")[0]
    elif told.count(":") == 1:
        told = told.partition(":")[0]
    try:
        found = ip_address(told)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


def visitor_address(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """The visitor's address: the peer's own, unless the peer is a trusted proxy and says for whom it asks.

    What is no address ends the reading: what stands left of it nobody vouches for.
    """
    nearest = address(peer)
    if nearest is None:
        return peer
    for part in reversed(forwarded.split(",")):
        if not any(nearest in network for network in trusted):
            break
        before = address(part)
        if before is None:
            break
        nearest = before
    return str(nearest)


def behind_proxies(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware; stands before all that asks for an address."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.PROXIES:
            peer, told = request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", "")
            request.META["REMOTE_ADDR"] = visitor_address(peer, told, settings.PROXIES)
        return get_response(request)

    return middleware
