"""Device links at the server: one request, once, for five minutes; and what a stranger can do with one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from syncserver import wire
from syncserver.accounts.links import LINK_SECONDS
from syncserver.ops.cleanup import clean_up
from tests.sync.server.harness import Clock, Harness, Person, b64, new_id, server, somebody

SEALED = b64(b"sealed" * 10)
OTHER = b64(b"another" * 10)


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[Harness]:
    with server(tmp_path_factory.mktemp("links"), clock=clock) as running:
        yield running


@pytest.fixture
def person(harness: Harness) -> Person:
    return somebody(harness)


class Link:
    """A link that a person opened; requests to it with and without a session."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.path = f"/v1/links/{b64(os.urandom(32))}"
        self.opened = person.request_signed_in("PUT", self.path, json={"commitment": b64(os.urandom(32))})
        assert self.opened.status_code == 201, self.opened.text

    def read(self) -> Any:
        return self.person.harness.request("GET", self.path)

    def ask(self, sealed: str = SEALED) -> Any:
        return self.person.harness.request("PUT", f"{self.path}/request", json={"sealed": sealed})

    def reply(self, part: str, by: Person | None = None, sealed: str = SEALED) -> Any:
        return (by or self.person).request_signed_in("PUT", f"{self.path}/{part}", json={"sealed": sealed})


def kind(answer: Any) -> str:
    return str(answer.json()["type"]).removeprefix("/problems/")


def test_the_messages_of_a_link_come_in_their_order_each_once(person: Person) -> None:
    link = Link(person)
    assert kind(link.reply("key")) == kind(link.reply("answer")) == "link-used"
    assert link.ask().json()["request"] == SEALED
    assert kind(link.reply("answer")) == "link-used"
    assert link.reply("key").json()["key"] == SEALED
    assert kind(link.reply("key", sealed=OTHER)) == "link-used"
    assert link.reply("answer").json()["answer"] == SEALED
    assert kind(link.reply("answer", sealed=OTHER)) == "link-used"
    whole = link.read().json()
    assert whole == link.opened.json() | {"request": SEALED, "key": SEALED, "answer": SEALED}


def test_a_code_that_was_used_lets_nobody_ask_again(person: Person) -> None:
    link = Link(person)
    assert link.ask().status_code == 200
    late = link.ask(OTHER)
    assert (late.status_code, kind(late)) == (409, "link-used")
    assert link.read().json()["request"] == SEALED


def test_of_many_who_ask_at_once_one_is_heard(person: Person) -> None:
    link, http = Link(person), person.harness.http
    asked = [http.put(f"{link.path}/request", json={"sealed": b64(bytes([each]) * 9)}) for each in range(20)]
    answers = person.harness.run_concurrently(asked)
    assert sorted(each.status_code for each in answers) == [200] + [409] * 19
    heard = next(number for number, each in enumerate(answers) if each.status_code == 200)
    assert link.read().json()["request"] == b64(bytes([heard]) * 9)


def test_a_code_is_good_for_five_minutes(person: Person, clock: Clock) -> None:
    asked, silent = Link(person), Link(somebody(person.harness))
    asked.ask()
    assert asked.opened.json()["expires"] == int(clock()) + LINK_SECONDS
    clock.now += LINK_SECONDS - 1
    assert silent.read().status_code == asked.read().status_code == 200
    clock.now += 1
    for answer in (silent.read(), silent.ask(), asked.read(), asked.reply("key")):
        assert (answer.status_code, kind(answer)) == (410, "link-closed")
    harness = person.harness
    harness.run(clean_up(harness.app.services._database, harness.config, int(clock()) + 1))
    assert harness.sql("SELECT * FROM links") == []


def test_a_code_is_withdrawn_with_its_page_and_by_the_next(person: Person) -> None:
    first = Link(person)
    second = Link(person)
    assert kind(first.ask()) == "link-closed"
    for _ in range(2):
        assert person.request_signed_in("DELETE", second.path).status_code == 204
    assert kind(second.ask()) == kind(second.read()) == "link-closed"
    third = Link(person)
    third.ask()
    again = person.request_signed_in("PUT", third.path, json={"commitment": b64(os.urandom(32))})
    assert again.status_code == 201
    assert third.read().json()["request"] is None


def test_another_account_has_no_part_in_it(person: Person) -> None:
    link, stranger = Link(person), somebody(person.harness)
    link.ask()
    assert kind(link.reply("key", stranger)) == "link-closed"
    assert stranger.request_signed_in("DELETE", link.path).status_code == 204
    taken = stranger.request_signed_in("PUT", link.path, json={"commitment": b64(os.urandom(32))})
    assert kind(taken) == "link-closed"
    assert link.read().json() == link.opened.json() | {"request": SEALED}


def test_nothing_of_it_is_found_or_done_without_its_address_or_a_session(person: Person) -> None:
    link = Link(person)
    link.ask()
    request = person.harness.request
    for part in ("", "/key", "/answer"):
        body = {"sealed": SEALED} if part else {"commitment": b64(os.urandom(32))}
        assert kind(request("PUT", link.path + part, json=body)) == "session-ended"
    assert kind(request("DELETE", link.path)) == "session-ended"
    assert kind(request("GET", f"/v1/links/{b64(os.urandom(32))}")) == "link-closed"
    for nonsense in ("x", b64(bytes(16)), link.path[-43:-1] + "B"):
        assert request("GET", f"/v1/links/{nonsense}").status_code == 404
    for sealed in ("", "=", b64(bytes(2049)), 3, None):
        assert link.person.harness.request("PUT", f"{link.path}/request", json={"sealed": sealed}).status_code == 422
    stored = person.harness.sql("SELECT * FROM links")[0]
    assert link.path[-43:].encode() not in bytes(stored["address"]), "the database alone says no address"


def test_devices_are_no_longer_let_in_by_a_calendar(person: Person) -> None:
    calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-UP-SCHEDULE-PAIRING:AAAA\r\nEND:VCALENDAR\r\n"
    body = {"token": b64(os.urandom(32)), "calendar": calendar}
    for client, status in (("upschedule/0.1.0", 426), (f"upschedule/{wire.KEYRING_CLIENT}", 422)):
        path, headers = f"/v1/feeds/{new_id()}", {"Sync-Client": client}
        assert person.request_signed_in("PUT", path, json=body, headers=headers).status_code == status
    said = {**body, "calendar": calendar.replace("\r\nX-UP", "\r\nX-NOTE:X-UP")}
    assert person.request_signed_in("PUT", f"/v1/feeds/{new_id()}", json=said).status_code == 201
