"""One page in Chromium on a slow phone: bytes over the wire, paints, shifts.

The line and the processor are Chromium's own emulation: a bandwidth, and a round trip for every
request. It doesn't slow the setting up of connections: over TLS a phone waits three more round
trips before its first byte (name, TCP, TLS 1.3).
"""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, StorageState

ROUND_TRIP_MS = 150
LINE = {
    "offline": False,
    "latency": ROUND_TRIP_MS,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
PROCESSOR_SLOWDOWN = 4
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 640},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "locale": "zh-CN",
}
# Resolves once nothing has been painted for a while: the paint before is then the largest.
READ_VITALS = """() => new Promise((resolve) => {
  const vitals = {largest: 0, shift: 0};
  const done = () => resolve(vitals);
  let quiet = setTimeout(done, 400);
  const observe = (type, note) => new PerformanceObserver((list) => {
    list.getEntries().forEach(note);
    clearTimeout(quiet);
    quiet = setTimeout(done, 400);
  }).observe({type, buffered: true});
  observe("largest-contentful-paint", (entry) => { vitals.largest = entry.startTime; });
  observe("layout-shift", (entry) => { vitals.shift += entry.value; });
})"""


@dataclass
class View:
    """Bytes are by type as Chromium names it (Document, Stylesheet …), headers included.

    The paint is in seconds from the start of the navigation.
    """

    received: dict[str, int] = field(default_factory=dict)
    largest_paint: float = 0
    shift: float = 0
    requests: int = 0

    @property
    def kilobytes(self) -> float:
        return sum(self.received.values()) / 1000


def look(browser: Browser, url: str, cookies: StorageState) -> tuple[View, View]:
    """The view with an empty cache, and the one after it with what the first kept."""
    context = browser.new_context(**PHONE, storage_state=cookies)
    try:
        return _view(context, url), _view(context, url)
    finally:
        context.close()


def look_once(browser: Browser, url: str, cookies: StorageState) -> View:
    """The view with an empty cache."""
    context = browser.new_context(**PHONE, storage_state=cookies)
    try:
        return _view(context, url)
    finally:
        context.close()


def _view(context: BrowserContext, url: str) -> View:
    page = context.new_page()
    view = View()
    _listen(_slowed(context, page), view)
    page.goto(url, wait_until="load")
    vitals = page.evaluate(READ_VITALS)
    page.close()
    view.largest_paint, view.shift = vitals["largest"] / 1000, vitals["shift"]
    return view


def _slowed(context: BrowserContext, page: Page) -> CDPSession:
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", LINE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": PROCESSOR_SLOWDOWN})
    return session


def _listen(session: CDPSession, view: View) -> None:
    kinds: dict[str, str] = {}

    def answered(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"]

    def finished(event: dict[str, Any]) -> None:
        size = int(event["encodedDataLength"])
        if size:
            kind = kinds[event["requestId"]]
            view.received[kind] = view.received.get(kind, 0) + size
            view.requests += 1

    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", finished)
