"""One world for all tests, and a last line as the test harness of Rust writes it."""

import pytest

from world import World


@pytest.fixture(scope="session")
def world() -> World:
    return World()


def pytest_terminal_summary(terminalreporter):
    count = lambda kind: len(terminalreporter.stats.get(kind, []))
    failed = count("failed") + count("error")
    verdict = "FAILED" if failed else "ok"
    terminalreporter.write_line(f"test result: {verdict}. {count('passed')} passed; {failed} failed;")
