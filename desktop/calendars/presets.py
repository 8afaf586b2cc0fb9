"""Presets of well-known calendar services, and the service address for what a student typed or pasted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from desktop.calendars.dav import normalise_address
from desktop.calendars.discovery import announced_service


@dataclass(frozen=True, slots=True)
class Preset:
    """A calendar service.

    `address` may contain {server}. `domains` are those of its e-mail addresses, `hosts` the domains of its servers.
    """

    address: str
    domains: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()


PRESETS = {
    # Each account's calendars are on a particular host, such as p42-caldav.icloud.com.
    "iCloud": Preset(
        "https://caldav.icloud.com/", ("icloud.com", "me.com", "mac.com"), ("icloud.com", "icloud.com.cn")
    ),
    "Fastmail": Preset("https://caldav.fastmail.com/", ("fastmail.com", "fastmail.fm"), ("fastmail.com",)),
    "Nextcloud": Preset("https://{server}/remote.php/dav/"),
}
# The paths of Nextcloud's web pages, after the path that Nextcloud is installed at.
_NEXTCLOUD_PAGE = re.compile(r"/(index\.php|apps|login|settings)(/.*)?$")
_NEXTCLOUD_CALENDAR = re.compile(r"(/index\.php)?/apps/(calendar|files|dashboard)(/.*)?$")


def service_address(service: str, typed: str) -> str:
    """The address of a calendar service by its name. For a service without a preset: `find_service_address` of `typed`.

    Where a service runs on many servers, `typed` is the server's name or any of its web addresses, as a browser shows
    it.
    """
    preset = PRESETS.get(service)
    if preset is None:
        return find_service_address(typed)
    if "{server}" in preset.address and "/" in typed:
        parts = urlsplit(normalise_address(typed))
        if "/remote.php" in parts.path:
            return f"{parts.scheme}://{parts.netloc}{parts.path}"
        installed_at = _NEXTCLOUD_PAGE.sub("", parts.path).rstrip("/")
        return f"{parts.scheme}://{parts.netloc}{installed_at}/remote.php/dav/"
    return normalise_address(preset.address.format(server=typed.strip()))


def find_service_address(typed: str) -> str:
    """The address of the calendar service for what a student typed. Raises InvalidInput or NotReachable.

    A web address is used as it is, except that of a Nextcloud page. For a domain or an e-mail address, the result is a
    preset's address, or the one that the domain announces (RFC 6764), or the domain itself; its well-known address is
    requested later.
    """
    typed = typed.strip()
    if "://" in typed or "/" in typed:
        address = normalise_address(typed)
        is_nextcloud = _NEXTCLOUD_CALENDAR.search(urlsplit(address).path)
        return service_address("Nextcloud", address) if is_nextcloud else address
    domain = typed.rpartition("@")[2].lower()
    for preset in PRESETS.values():
        if domain in preset.domains:
            return preset.address
    normalise_address(domain)
    trusted = {urlsplit(preset.address).hostname or "" for preset in PRESETS.values() if preset.hosts}
    return announced_service(domain, trusted) or normalise_address(domain)


def trusted_domains(typed: str, address: str) -> tuple[str, ...]:
    """The domains that the password may also be sent to, if the service at `address` redirects to them.

    These are the domains of a well-known service, and the typed domain if the student typed only a domain or an e-mail
    address.
    """
    host = urlsplit(address).hostname or ""
    own = tuple(
        domain
        for preset in PRESETS.values()
        for domain in preset.hosts
        if any(host == each or host.endswith(f".{each}") for each in preset.hosts)
    )
    if not typed.strip() or "/" in typed:
        return own
    return (*own, typed.strip().rpartition("@")[2].partition(":")[0].lower())
