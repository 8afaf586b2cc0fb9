"""The server compared with what it is built on, as ratios of one run; `make load-test` does five runs."""

from collections.abc import Iterator

import pytest

from tests.load import comparison, machine
from tests.services import postgres, redis

RECORDS = 10

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.redis,
    pytest.mark.skipif(
        bool(postgres.unavailable_reason() or redis.unavailable_reason()), reason="needs PostgreSQL and Redis"
    ),
]


@pytest.fixture(scope="module")
def figures() -> Iterator[comparison.Figures]:
    with machine.running(accounts=3000, records=RECORDS) as running:
        yield comparison.compare(running, RECORDS, runs=3, seconds=2)


def told(benchmark: object, figures: comparison.Figures, name: str, to: str) -> None:
    """Leaves rates and ratio beside pytest-benchmark's own figures (of reading them, which says nothing)."""
    benchmark.extra_info.update(  # type: ignore[attr-defined]
        {
            f"{name} a second": round(figures.median(name), 1),
            f"{to} a second": round(figures.median(to), 1),
            "ratio": round(figures.ratio(name, to), 4),
        }
    )
    benchmark.pedantic(figures.ratio, args=(name, to), rounds=1)  # type: ignore[attr-defined]
    print(f"\n{name} : {to} = {figures.ratio(name, to):.3f}")


def test_pushes_against_pgbench_with_the_same_sql(benchmark: object, figures: comparison.Figures) -> None:
    """Wanted: 0.5 or more on a quiet machine."""
    told(benchmark, figures, "pushes", "pgbench")
    assert figures.ratio("pushes", "pgbench") > 0.1


def test_pulls_without_news_against_pushes(benchmark: object, figures: comparison.Figures) -> None:
    """Wanted: 3 or more."""
    told(benchmark, figures, "pulls", "pushes")
    assert figures.ratio("pulls", "pushes") > 1


def test_calendars_answered_304_against_nginx(benchmark: object, figures: comparison.Figures) -> None:
    """Wanted: 0.05 or more."""
    told(benchmark, figures, "feeds", "nginx")
    assert figures.ratio("feeds", "nginx") > 0.005
