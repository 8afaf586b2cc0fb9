"""Well-known calendar services and their addresses.

Hides how an address comes from what a student types: a web address, a domain, or an e-mail address.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop.calendars.dav import checked_address, discovered


@dataclass(frozen=True, slots=True)
class Preset:
    """One service. `address` may hold {server}; e-mail addresses at `domains` are its own."""

    address: str
    domains: tuple[str, ...] = ()


PRESETS = {
    "iCloud": Preset("https://caldav.icloud.com/", ("icloud.com", "me.com", "mac.com")),
    "Fastmail": Preset("https://caldav.fastmail.com/", ("fastmail.com", "fastmail.fm")),
    "Nextcloud": Preset("https://{server}/remote.php/dav/"),
}


def address_at(service: str, typed: str) -> str:
    """The address of a calendar service by its name; for one that is not known, what `address_of` makes of `typed`.

    Where a service runs on many servers, `typed` is the server's name or a whole address.
    """
    preset = PRESETS.get(service)
    if preset is None or ("{server}" in preset.address and "/" in typed):
        return address_of(typed)
    return checked_address(preset.address.format(server=typed.strip()))


def address_of(typed: str) -> str:
    """The address of the calendar service for what a student typed. Raises InvalidInput or NotReachable.

    A web address is taken as it is. For a domain or an e-mail address: a preset's, or what the domain announces
    (RFC 6764), or the domain itself, whose well-known address is asked later.
    """
    typed = typed.strip()
    if "://" in typed or "/" in typed:
        return checked_address(typed)
    domain = typed.rpartition("@")[2].lower()
    for preset in PRESETS.values():
        if domain in preset.domains:
            return preset.address
    checked_address(domain)
    return discovered(typed) or checked_address(domain)
