"""A campus behind one address: a whole year of students gets in, whatever one of them tries meanwhile."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from desktop.sync import account, wire
from desktop.sync import proof_of_work as client_work
from desktop.sync.client import Client
from syncserver.config import Config
from syncserver.limits import proof_of_work
from syncserver.limits.rate_limits import Limits
from tests.sync.server.harness import Clock, Harness, Person, b64, new_id, server, solve_puzzle, somebody, sync_proof
from tests.sync.server.process import server_process

AT_ONCE = 20
SLICE = 100
AS_SHIPPED: dict[str, Any] = {
    name: Config.__dataclass_fields__[name].default
    for name in ("registrations_per_hour", "logins_per_minute", "anonymous_per_minute")
}


@pytest.fixture
def campus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Harness]:
    monkeypatch.setattr(proof_of_work, "BASE_TRIES", 1)  # how much the work costs is no part of this
    with server(tmp_path, **AS_SHIPPED) as harness:
        yield harness


async def paying(harness: Harness, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
    """A request as clients send it: again with a proof of work where the server asks for one."""
    content = b"" if body is None else json.dumps(body).encode()
    headers["Content-Type"] = "application/json"
    for _ in range(3):
        answer = await harness.http.request(method, path, content=content, headers=headers)
        if answer.status_code != 429 or "work" not in answer.json():
            break
        headers["Sync-Work"] = solve_puzzle(answer.json()["work"])
    return answer


async def enrol(harness: Harness, person: Person) -> int:
    """Registers as the application does; the status in the end."""
    asked = {"name": person.name, "action": "register"}
    challenge = await paying(harness, "POST", "/v1/auth/challenge", asked)
    if challenge.status_code != 200:
        return challenge.status_code
    body = {
        "name": person.name,
        "account": person.account,
        "device": {"id": person.device, "label": None},
        "keyring": person.keyring(),
    }
    proof = sync_proof(person.key, "password", "register", "localhost", challenge.json(), json.dumps(body).encode())
    return (await paying(harness, "POST", "/v1/auth/register", body, **{"Sync-Proof": proof})).status_code


class Attacker:
    """Asks for all there is to use up, and brings work that is none, another's or used before."""

    def __init__(self, harness: Harness) -> None:
        self.harness = harness
        self.used = "AAAA.1"

    async def attack(self) -> None:
        for _ in range(SLICE // AT_ONCE):
            for path in ("/v1/info", "/v1/head"):
                await self.harness.http.get(path, headers={"Authorization": "Bearer x"})
            asked = {"name": "nobody", "action": "register"}
            for work in ("", self.used, "x" * 100, f"{new_id()}.1"):
                answer = await self.harness.http.post("/v1/auth/challenge", json=asked, headers={"Sync-Work": work})
            if "work" in answer.json():
                self.used = solve_puzzle(answer.json()["work"])
                await self.harness.http.get("/v1/info", headers={"Sync-Work": self.used})
            person = Person(self.harness, f"attack-{os.urandom(6).hex()}")
            body = {
                "name": person.name,
                "account": person.account,
                "device": {"id": person.device, "label": None},
                "keyring": person.keyring(),
            }
            answer = await self.harness.http.post(
                "/v1/auth/register", json=body, headers={"Sync-Work": self.used, "Sync-Proof": "password.a." + "A" * 86}
            )
            assert answer.status_code in (401, 429)


@pytest.mark.parametrize("first_years", [600, pytest.param(2000, marks=pytest.mark.slow)])
def test_first_years_register_from_one_address_while_one_of_them_attacks(campus: Harness, first_years: int) -> None:
    attacker = Attacker(campus)

    async def some(people: Iterator[Person]) -> list[int]:
        return [await enrol(campus, person) for person in people]

    async def a_slice(first: int) -> list[int]:
        people = iter([Person(campus, f"first-year-{first + number}") for number in range(SLICE)])
        answers, _ = await asyncio.gather(asyncio.gather(*(some(people) for _ in range(AT_ONCE))), attacker.attack())
        return [status for each in answers for status in each]

    for first in range(0, first_years, SLICE):
        assert campus.run(a_slice(first)) == [201] * SLICE
    assert campus.sql("SELECT count(*) AS accounts FROM accounts")[0]["accounts"] == first_years


def test_the_application_does_the_work_by_itself(tmp_path: Path) -> None:
    settings = {"registrations_per_hour": 1, "logins_per_minute": 1, "anonymous_per_minute": 1}
    with server_process(tmp_path, **settings) as running:
        for number in range(2):
            client = Client(running.url)
            assert client.info().server
            person = Person(None, f"student-{number}")  # type: ignore[arg-type]
            body = {
                "name": person.name,
                "account": person.account,
                "device": {"id": person.device, "label": None},
                "keyring": person.keyring(),
                "invitation": None,
            }
            proof = account.make_proof(bytes(person.key))
            session = client.register(client.challenge(person.name, "register"), proof, body)
            assert session.account == person.account
            assert client.login(client.challenge(person.name, "login"), proof, wire.new_id(), None).token
            client.close()


@pytest.fixture
def harness(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Harness]:
    monkeypatch.setattr(proof_of_work, "BASE_TRIES", 2)
    with server(tmp_path, clock=Clock(), anonymous_per_minute=1) as running:
        assert running.request("GET", "/v1/info").status_code == 200
        yield running


def ask(harness: Harness, work: str = "", peer: str = "127.0.0.1") -> httpx.Response:
    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app=harness.app, client=(peer, 1))  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get("/v1/info", headers={"Sync-Work": work.encode("latin-1")})

    answer: httpx.Response = harness.run(asked())
    return answer


def test_work_is_good_once_from_its_address_for_two_minutes(harness: Harness) -> None:
    refused = ask(harness)
    assert refused.status_code == 429
    assert refused.json()["type"] == "/problems/rate-limited"
    assert int(refused.headers["retry-after"]) > 0, "what a client is told that knows no work"
    work = solve_puzzle(refused.json()["work"])
    assert ask(harness, peer="10.1.1.1").status_code == 200, "another address has its own share"
    assert ask(harness, work, peer="10.1.1.1").status_code == 429
    assert ask(harness, work).status_code == 200
    assert ask(harness, work).status_code == 429
    late = solve_puzzle(refused.json()["work"] | ask(harness).json()["work"])
    harness._clock.now += 121
    assert ask(harness, late).status_code == 429


def test_work_that_is_none_is_refused_and_uses_its_puzzle_up(harness: Harness) -> None:
    puzzle = ask(harness).json()["work"]
    seed, _, counter = solve_puzzle(puzzle).partition(".")
    wrong = next(n for n in range(10_000) if n != int(counter) and not good(puzzle, n))
    assert ask(harness, f"{seed}.{wrong}").status_code == 429
    assert ask(harness, f"{seed}.{counter}").status_code == 429
    for work in (f"{b64(bytes(44))}.1", ".", "x", f"{seed}.", f"{seed}.-1", f"{seed}.{'9' * 40}", f"{seed}.²"):
        assert ask(harness, work).status_code == 429


def good(puzzle: dict[str, Any], counter: int) -> bool:
    return proof_of_work.is_solution(wire.unb64(puzzle["seed"])[:16], counter, puzzle["tries"])


def test_the_work_grows_with_what_an_address_asks_for(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof_of_work, "ADMISSIONS_PER_STEP", 2)
    monkeypatch.setattr(proof_of_work, "MAX_TRIES", 6)
    tries = []
    for _ in range(8):
        puzzle = ask(harness).json()["work"]
        tries.append(puzzle["tries"])
        assert ask(harness, solve_puzzle(puzzle)).status_code == 200
    assert tries == [2, 2, 4, 4, 6, 6, 6, 6]


def test_networks_that_many_share_have_a_larger_share(tmp_path: Path) -> None:
    config = Config(
        data_folder=str(tmp_path),
        registrations_per_hour=1,
        shared_networks=("137.215.0.0/16", "2001:db8::/32"),
        shared_network_factor=3,
    )
    limits = Limits(config)

    async def remaining(address: str) -> int:
        return (await limits.hit_address(address, limits.registrations)).remaining

    for address, left in (("137.215.9.9", 2), ("2001:db8:1::/64", 2), ("41.1.1.1", 0), ("2001:db9::/64", 0), ("", 0)):
        assert asyncio.run(remaining(address)) == left, address


def test_nobody_at_the_same_address_keeps_a_students_own_device_out(tmp_path: Path) -> None:
    with server(tmp_path, failures_before_delay=1) as harness:
        student, attacker = somebody(harness), somebody(harness)
        attacker.name = student.name
        assert attacker.login().status_code == 401
        assert attacker.login().status_code == 429
        assert student.login().status_code == 429, "this device does not say which it is"
        body = {"name": student.name, "device": {"id": student.device, "label": None}}
        device = {"Sync-Device": student.device}
        assert student.request_with_proof("POST", "/v1/auth/login", "login", body, **device).status_code == 200


def test_one_name_is_guessed_at_so_often_an_hour_from_wherever(tmp_path: Path) -> None:
    with server(tmp_path, name_logins_per_hour=2, failures_before_delay=100) as harness:
        student, attacker = somebody(harness), somebody(harness)
        attacker.name = student.name
        assert [attacker.login().status_code for _ in range(3)] == [401, 401, 429]
        body = {"name": student.name, "device": {"id": student.device, "label": None}}
        device = {"Sync-Device": student.device}
        assert student.request_with_proof("POST", "/v1/auth/login", "login", body, **device).status_code == 200


def test_the_vector_of_the_protocol() -> None:
    salt = b"0123456789abcdef"
    assert next(n for n in range(10_000) if proof_of_work.is_solution(salt, n, 64)) == 117
    puzzle = {"algorithm": "argon2id", "memory_kib": 1024, "passes": 1, "tries": 64, "seed": b64(salt + bytes(28))}
    assert client_work.solve(puzzle) == f"{puzzle['seed']}.117"


@pytest.mark.parametrize(
    "changes",
    [{"tries": 10**9}, {"memory_kib": 10**9}, {"memory_kib": 1}, {"passes": 9}, {"algorithm": "sha256"}, {"seed": "A"}],
)
def test_the_application_does_not_work_for_whatever_a_server_says(changes: dict[str, Any]) -> None:
    puzzle = {"algorithm": "argon2id", "memory_kib": 1024, "passes": 1, "tries": 1, "seed": b64(bytes(44))}
    assert client_work.solve(puzzle) is not None
    assert client_work.solve(puzzle | changes) is None
    assert client_work.solve(None) is None
