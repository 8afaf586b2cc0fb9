"""Finds a domain's calendar service by its DNS records (RFC 6764)."""

from __future__ import annotations

from collections.abc import Collection

_DNS_TIMEOUT_SECONDS = 5  # for a DNS lookup


def announced_service(domain: str, trusted: Collection[str] = ()) -> str:
    """The https address of the CalDAV service that a domain announces in DNS; empty if there is none.

    DNS answers can be forged, so only a host in the same domain or one of the `trusted` hosts is accepted.
    """
    import dns.exception  # noqa: PLC0415 - needed only when a calendar is looked for
    import dns.resolver  # noqa: PLC0415

    try:
        services = list(dns.resolver.resolve(f"_caldavs._tcp.{domain}", "SRV", lifetime=_DNS_TIMEOUT_SECONDS))
    except (dns.exception.DNSException, OSError):
        return ""
    for service in sorted(services, key=lambda each: (each.priority, -each.weight)):
        host = str(service.target).rstrip(".").lower()
        if host and (host == domain.lower() or host.endswith(f".{domain.lower()}") or host in trusted):
            port = "" if service.port == 443 else f":{service.port}"
            return f"https://{host}{port}{_announced_path(domain)}"
    return ""


def _announced_path(domain: str) -> str:
    import dns.exception  # noqa: PLC0415 - as above
    import dns.resolver  # noqa: PLC0415

    try:
        for record in dns.resolver.resolve(f"_caldavs._tcp.{domain}", "TXT", lifetime=_DNS_TIMEOUT_SECONDS):
            for part in b"".join(record.strings).decode("utf-8", "replace").split():
                if part.lower().startswith("path=/"):
                    return part[5:]
    except (dns.exception.DNSException, OSError):
        pass
    return "/"
