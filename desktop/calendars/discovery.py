"""Where a domain says that its calendar service is (RFC 6764)."""

from __future__ import annotations

from collections.abc import Collection

_SECONDS = 5  # for an answer of DNS


def announced_service(domain: str, trusted: Collection[str] = ()) -> str:
    """The address of the encrypted calendar service that a domain announces in DNS; empty for none.

    Only a host in the same domain, or one that is `trusted`, is believed, since the answers of DNS can be forged.
    """
    import dns.exception  # noqa: PLC0415 - not needed before a calendar is looked for
    import dns.resolver  # noqa: PLC0415

    try:
        services = list(dns.resolver.resolve(f"_caldavs._tcp.{domain}", "SRV", lifetime=_SECONDS))
    except (dns.exception.DNSException, OSError):
        return ""
    for service in sorted(services, key=lambda each: (each.priority, -each.weight)):
        host = str(service.target).rstrip(".").lower()
        if host and (host == domain.lower() or host.endswith(f".{domain.lower()}") or host in trusted):
            port = "" if service.port == 443 else f":{service.port}"
            return f"https://{host}{port}{_path(domain)}"
    return ""


def _path(domain: str) -> str:
    import dns.exception  # noqa: PLC0415 - as above
    import dns.resolver  # noqa: PLC0415

    try:
        for record in dns.resolver.resolve(f"_caldavs._tcp.{domain}", "TXT", lifetime=_SECONDS):
            for part in b"".join(record.strings).decode("utf-8", "replace").split():
                if part.lower().startswith("path=/"):
                    return part[5:]
    except (dns.exception.DNSException, OSError):
        pass
    return "/"
