"""One judge for all tests of this room: its workers are started once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from symbolic import Judge


@pytest.fixture(scope="session")
def judge() -> Iterator[Judge]:
    with Judge(jobs=1, timeout=10.0) as one:
        yield one
