"""Detection of a metered connection, over a real bus, from a double of NetworkManager."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping

import pytest
from jeepney import HeaderFields, Message, new_error, new_method_return

from desktop.ui.session.network_cost import is_metered
from tests.e2e.desktop_bus import bus_with

pytestmark = pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="needs a message bus of its own")

NAME, ROOT = "org.freedesktop.NetworkManager", "/org/freedesktop/NetworkManager"
ACTIVE, DEVICE = f"{ROOT}/ActiveConnection/1", f"{ROOT}/Devices/2"
YES, NO, GUESSED_YES, GUESSED_NO = 1, 2, 3, 4  # NMMetered
Properties = Mapping[str, tuple[str, object]]


def network_manager(metered: int) -> Callable[[Message], Message]:
    """Answers for one connection over Wi-Fi, in the properties that NetworkManager documents."""
    objects: dict[str, tuple[str, Properties]] = {
        ROOT: (
            NAME,
            {
                "Connectivity": ("u", 4),
                "State": ("u", 70),
                "Metered": ("u", metered),
                "PrimaryConnection": ("o", ACTIVE),
                "Version": ("s", "1.42.4"),
            },
        ),
        ACTIVE: (f"{NAME}.Connection.Active", {"Devices": ("ao", [DEVICE])}),
        DEVICE: (f"{NAME}.Device", {"DeviceType": ("u", 2), "Metered": ("u", metered)}),
    }

    def answer(message: Message) -> Message:
        fields = message.header.fields
        interface, properties = objects[fields[HeaderFields.path]]
        match fields[HeaderFields.member], message.body:
            case "Introspect", _:
                every = (
                    f'<property name="{name}" type="{kind}" access="read"/>' for name, (kind, _) in properties.items()
                )
                described = f'<node><interface name="{interface}">{"".join(every)}</interface></node>'
                return new_method_return(message, "s", (described,))
            case "GetAll", (asked,) if asked == interface:
                return new_method_return(message, "a{sv}", (dict(properties),))
            case "Get", (asked, name) if asked == interface and name in properties:
                return new_method_return(message, "v", (properties[name],))
        return new_error(message, "org.freedesktop.DBus.Error.UnknownMethod")

    return answer


@pytest.mark.parametrize(("metered", "said"), [(YES, True), (GUESSED_YES, True), (NO, False), (GUESSED_NO, False)])
def test_what_network_manager_says_is_what_the_program_goes_by(
    metered: int, said: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bus_with([NAME], network_manager(metered)) as (address, _):
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        assert is_metered(timeout_seconds=120) is said


def test_a_bus_without_network_manager_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with bus_with([], lambda message: new_error(message, "org.freedesktop.DBus.Error.UnknownMethod")) as (address, _):
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        assert not is_metered(timeout_seconds=120)
