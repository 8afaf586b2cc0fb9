"""Calendar passwords: kept if the person asked for it, separately for each profile, and deleted completely."""

from __future__ import annotations

import pytest

from desktop.calendars.access import CalDavCredentials, CredentialStore


class Drawer:
    """Secrets in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def load(self, name: str) -> str | None:
        return self.kept.get(name)

    def save(self, name: str, secret: str) -> None:
        self.kept[name] = secret

    def remove(self, name: str) -> None:
        self.kept.pop(name, None)


ANN = CalDavCredentials("cloud.example.org", "ann", "a password of hers")


def test_what_is_kept_is_there_again_for_its_service_alone() -> None:
    drawer = Drawer()
    CredentialStore(drawer, "one").save("Nextcloud", ANN)
    assert CredentialStore(drawer, "one").load() == {"Nextcloud": ANN}
    assert CredentialStore(drawer, "another").load() == {}
    CredentialStore(drawer, "one").remove("Nextcloud")
    assert CredentialStore(drawer, "one").load() == {}
    assert drawer.kept == {}


@pytest.mark.parametrize("entry", ["", "no JSON", "[1]", '{"user": "ann"}', '{"a": 1, "b": 2}'])
def test_an_entry_of_another_version_counts_as_none(entry: str) -> None:
    drawer = Drawer()
    CredentialStore(drawer, "one").save("other", ANN)
    name, *_ = drawer.kept
    drawer.kept[name] = entry
    assert CredentialStore(drawer, "one").load() == {}


def test_everything_is_forgotten_at_once_but_what_another_profile_has() -> None:
    drawer = Drawer()
    one, another = CredentialStore(drawer, "one"), CredentialStore(drawer, "another")
    for each in (one, another):
        each.save("iCloud", ANN)
        each.save("other", ANN)
        each.save_client_secret("a client secret")
    one.remove_all()
    assert one.load() == {}
    assert one.client_secret == ""
    assert set(another.load()) == {"iCloud", "other"}
    assert another.client_secret == "a client secret"


def test_no_password_is_shown_by_accident() -> None:
    assert "of hers" not in repr(ANN)
    assert "ann" in repr(ANN)
