"""A real browser for reports: Debian's Chromium through its driver, with the network watched; skipped where absent."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

VENDOR = Path(__file__).parent / "vendor"
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --hide-scrollbars --disable-dev-shm-usage"
)


@dataclass
class Browser:
    """A browser window: open a page, run a script in it, read what it logged and what it asked the network for."""

    driver: Any

    def open(self, page: Path, width: int = 1440, height: int = 1000, **features: str) -> None:
        """Load a file at a size, with media features such as `prefers_color_scheme="dark"`."""
        sizes = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", sizes)
        named = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": named})
        self.driver.get_log("browser")
        self.driver.get_log("performance")
        self.driver.get("about:blank")
        self.driver.get(page.absolute().as_uri())

    def run(self, script: str, *given: Any) -> Any:
        """What a script returns."""
        return self.driver.execute_script(script, *given)

    def wait(self, script: str, *given: Any) -> Any:
        """What a promise-like script hands to its last argument."""
        return self.driver.execute_async_script(script, *given)

    def open_map(self, page: Path, width: int = 1440, height: int = 1000, **features: str) -> None:
        """Load a report and wait until its map answers; the map is on screen then."""
        self.open(page, width, height, **{"prefers_reduced_motion": "reduce", **features})
        self.wait(
            "const done = arguments[0], stage = document.getElementById('stage');"
            "const look = () => stage.dataset.ready ? done() : setTimeout(look, 20); look()"
        )
        self.run("document.getElementById('map').scrollIntoView({behavior: 'instant'})")

    def logged(self) -> list[str]:
        """Everything on the console, CSP violations included."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requested(self) -> list[str]:
        """Every address that was asked for since the page was opened, the page's own data: fonts left out."""
        addresses = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                addresses.append(message["params"]["request"]["url"])
        return [url for url in addresses if not url.startswith(("data:", "about:", "chrome"))]

    def violations(self) -> list[str]:
        """What axe-core finds wrong: rule, and where."""
        self.run((VENDOR / "axe.min.js").read_text(encoding="utf-8"))
        messages = self.wait(
            "const done = arguments[arguments.length - 1];"
            "axe.run(document, {resultTypes: ['violations']}).then(r => done(r.violations))"
        )
        return [
            f"{rule['id']}: {node['target']} {node['failureSummary']}"
            for rule in messages
            for node in rule["nodes"][:3]
        ]


def start(scripts: bool = True) -> Any:
    """A driver, with or without JavaScript."""
    webdriver = pytest.importorskip("selenium.webdriver")
    from selenium.webdriver.chrome.service import Service

    chrome, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chrome or not driver:
        pytest.skip("no chromium and chromedriver on this machine (Debian: chromium chromium-driver)")
    options = webdriver.ChromeOptions()
    options.binary_location = chrome
    for flag in FLAGS.split():
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    if not scripts:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    made = webdriver.Chrome(options=options, service=Service(driver))
    made.set_script_timeout(60)
    return made


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser that runs JavaScript."""
    driver = start()
    yield Browser(driver)
    driver.quit()


@pytest.fixture(scope="session")
def plain_browser() -> Iterator[Browser]:
    """A browser that runs no JavaScript."""
    driver = start(scripts=False)
    yield Browser(driver)
    driver.quit()
