"""Fixtures and rules for all tests.

``HYPOTHESIS_PROFILE=thorough`` runs the property tests of thresholds over 10,000 examples in all (default: a tenth).
``REGIMES_SOURCES`` names the folder of the official texts (default: ``../shared/sources``); ``REGIMES_REQUIRE_SOURCES=1`` makes
a test that needs them fail where they are missing.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from small_library import SmallLibrary

PROJECT = Path(__file__).resolve().parents[1]
SOURCES = Path(os.environ.get("REGIMES_SOURCES") or PROJECT.parent / "shared" / "sources")

_COMMON = {
    "deadline": None,
    # Continuous integration judges a change, so there the same code meets the same examples.
    "derandomize": os.environ.get("CI") == "true",
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
}
settings.register_profile("default", max_examples=100, **_COMMON)  # type: ignore[arg-type]
settings.register_profile("thorough", max_examples=1000, **_COMMON)  # type: ignore[arg-type]
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

#: Programs that a mark asks for; any one of them will do.
_PROGRAMS = {"browser": ("chromium", "chromium-browser", "google-chrome"), "office": ("soffice", "libreoffice")}


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("sources") and not SOURCES.is_dir():
        why = "needs the official texts in ../shared/sources"
        if os.environ.get("REGIMES_REQUIRE_SOURCES") == "1":
            pytest.fail(why, pytrace=False)
        pytest.skip(why)
    for mark, programs in _PROGRAMS.items():
        if item.get_closest_marker(mark) and not any(map(shutil.which, programs)):
            pytest.skip(f"needs {programs[0]}")


@pytest.fixture
def small(tmp_path: Path) -> SmallLibrary:
    """A small valid library that the test may change."""
    return SmallLibrary(tmp_path / "project")


@pytest.fixture(scope="session")
def project() -> Path:
    """The folder of the project itself."""
    return PROJECT
