"""Rules for account passwords, and an estimate of how hard a password is to guess.

The server stores data that a guess can be verified against (docs/privacy.md), so a password that is on every list of
common passwords protects nothing, however expensive Argon2id makes each guess.
"""

from __future__ import annotations

import re
import unicodedata
from enum import Enum
from itertools import pairwise

from desktop.domain.errors import InvalidInput
from desktop.domain.messages import msg

MIN_CHARACTERS = 10

# The most often leaked passwords of ten characters or more; compared without case, spaces and punctuation.
_COMMON_TEXT = """
password123 password1234 password12345 passwordpassword passw0rd123 p4ssw0rd123 welcome123 welcome1234
letmein123 letmeinnow iloveyou123 iloveyou1234 iloveyouforever ihateyou123 princess123 sunshine123 football123
baseball123 basketball superman123 batman12345 dragon12345 monkey12345 master12345 shadow12345 michael123
jennifer123 charlie123 liverpool1 liverpool123 manchester manchester1 manchesterunited chelsea123 arsenal123
kaizerchiefs orlandopirates springboks springbok1 bafanabafana bluebulls123 pretoria123 pretoria2026
universityofpretoria tukkies123 tukkies2026 student123 student1234 studentpassword changeme123 changemenow
administrator admin12345 qwerty12345 qwertyuiop1 qwerty123456 qwertyuiop123 asdfghjkl123 zxcvbnm123 abc1234567
abcd123456 abc123456789 a123456789 a1234567890 q1w2e3r4t5 1q2w3e4r5t 1qaz2wsx3edc qazwsxedcrfv zaq12wsxcde3
trustno1234 whatever123 mypassword mypassword1 mypassword123 secret12345 secretpassword nopassword
correcthorsebatterystaple upschedule123 wagwoord123 geheim12345 ekisliefvirjou jesuslovesme jesusislord
godisgood123 blessed123 computer123 internet123 samsung123 southafrica southafrica1 southafrica123
"""
_COMMON = frozenset(_COMMON_TEXT.split())
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertyuiopqwertyuiop",
    "asdfghjklasdfghjkl",
    "zxcvbnmzxcvbnm",
)


class Strength(Enum):
    """How well a password resists an offline guessing attack."""

    WEAK = "weak"
    FAIR = "fair"
    STRONG = "strong"


def check_password(password: str, name: str = "") -> None:
    """Raises InvalidInput if the password is too short, common, a repeated pattern, or almost the account's name."""
    text = unicodedata.normalize("NFKC", password)
    if len(text) < MIN_CHARACTERS:
        raise InvalidInput(
            msg("The password is too short: it has fewer than {least} characters.", least=MIN_CHARACTERS),
            "A few words in a row are easy to remember and hard to guess.",
        )
    plain, account = _plain(text), _plain(unicodedata.normalize("NFKC", name))
    rest = plain.replace(account, "") if len(account) >= 3 else plain
    if plain in _COMMON or len(set(text)) < 5 or _count_unpredictable(plain) < 5 or (rest != plain and len(rest) < 5):
        raise InvalidInput(
            "This password is one of the first that anybody would try.",
            "A few words in a row are easy to remember and hard to guess.",
        )


def strength(password: str) -> Strength:
    """A conservative estimate.

    A letter counts 2.5 bits (people choose words), any other character 4; a character that follows predictably from
    the one before it counts nothing.
    """
    text = unicodedata.normalize("NFKC", password)
    try:
        check_password(text)
    except InvalidInput:
        return Strength.WEAK
    steps = _count_unpredictable(text.casefold())
    letters = sum(each.isalpha() and each.islower() for each in text)
    bits = steps * (2.5 * letters + 4 * (len(text) - letters)) / len(text)
    return Strength.WEAK if bits < 30 else Strength.FAIR if bits < 45 else Strength.STRONG


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _count_unpredictable(text: str) -> int:
    """The number of characters that are not predictable.

    Predictable are a repeated character, the next one on the keyboard or in the alphabet, and a repeated pattern.
    """
    for size in range(1, len(text) // 2 + 1):
        if text == (text[:size] * len(text))[: len(text)]:
            text = text[:size]
            break
    rows = [*_ROWS, *(row[::-1] for row in _ROWS)]
    goes_on = sum(one == other or any(one + other in row for row in rows) for one, other in pairwise(text))
    return len(text) - goes_on
