"""Well-known calendar services: their addresses, and how to let this program in.

Hides how an address comes from what a student types: a web address, a domain, or an e-mail address.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop.calendars.dav import checked_address, discovered


@dataclass(frozen=True, slots=True)
class Preset:
    """One service. `address` may hold {server}; `steps` say how to make an app password, one a line."""

    name: str
    address: str
    user: str
    steps: tuple[str, ...]
    domains: tuple[str, ...] = ()


PRESETS = (
    Preset(
        "iCloud",
        "https://caldav.icloud.com/",
        "Your Apple Account’s e-mail address",
        (
            "Sign in at account.apple.com.",
            "Open Sign-In and Security, then App-Specific Passwords.",
            "Make one, name it UP Schedule Generator, and paste it here.",
        ),
        ("icloud.com", "me.com", "mac.com"),
    ),
    Preset(
        "Fastmail",
        "https://caldav.fastmail.com/",
        "Your Fastmail address",
        (
            "Open Settings, then Privacy & Security, then Manage app passwords.",
            "Make a new one with access to Calendars (CalDAV).",
            "Paste it here.",
        ),
        ("fastmail.com", "fastmail.fm"),
    ),
    Preset(
        "Nextcloud",
        "https://{server}/remote.php/dav/",
        "Your Nextcloud user name",
        (
            "Open Settings, then Security.",
            "Under Devices & sessions, name this app and make a new app password.",
            "Paste the user name and the password it shows here.",
        ),
    ),
    Preset(
        "Radicale",
        "https://{server}/",
        "Your user name there",
        ("Use the user name and password of the server itself.",),
    ),
    Preset(
        "Another server",
        "https://{server}/",
        "Your user name there",
        (
            "Type the address of the calendar service, or just your e-mail address.",
            "Where the account has two-step sign-in, make an app password in its security settings.",
        ),
    ),
)


def address_of(typed: str) -> str:
    """The address of the calendar service for what a student typed. Raises InvalidInput or NotReachable.

    A web address is taken as it is. For a domain or an e-mail address: a preset's, or what the domain announces
    (RFC 6764), or the domain itself, whose well-known address is asked later.
    """
    typed = typed.strip()
    if "://" in typed or "/" in typed:
        return checked_address(typed)
    domain = typed.rpartition("@")[2].lower()
    for preset in PRESETS:
        if domain in preset.domains:
            return preset.address
    checked_address(domain)
    return discovered(typed) or checked_address(domain)
