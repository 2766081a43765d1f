"""What axe doesn't ask of a page: names that tell things apart, tables and errors in words."""

from collections.abc import Callable, Iterable
from typing import Any

from django.test import Client
from playwright.sync_api import Error, Page

from config.context_processors import ELDER_COOKIE
from tests.journeys.conftest import Journey

Browse = Callable[..., Journey]
NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 800}

# Each fault as a sentence. A name is what a screen reader says: hidden words count, decoration
# doesn't.
FAULTS = r"""() => {
  const faults = [];
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const tidy = (text) => text.replace(/\s+/g, " ").trim();
  const words = (element) => {
    const copy = element.cloneNode(true);
    all("[aria-hidden=true]", copy).forEach((part) => part.remove());
    return tidy(copy.textContent);
  };
  const byIds = (ids) => (ids || "").split(/\s+/).filter(Boolean)
    .map((id) => document.getElementById(id));
  const name = (element) =>
    tidy(byIds(element.getAttribute("aria-labelledby")).map((e) => e?.textContent).join(" "))
    || element.getAttribute("aria-label") || words(element)
    || all("img, svg", element).map((e) => e.alt ?? e.getAttribute("aria-label")).join(" ");

  const met = new Map();
  const apart = (kind, element, leadsTo) => {
    const called = name(element);
    // A reader of a table hears the row with it.
    const row = element.closest("tr");
    const key = `${kind} ${called} ${row ? words(row) : ""}`;
    if (!called) faults.push(`${kind} without a name: ${element.outerHTML.slice(0, 120)}`);
    if (met.has(key) && met.get(key) !== leadsTo)
      faults.push(`${kind} “${key}” leads to ${met.get(key)} and to ${leadsTo}`);
    met.set(key, leadsTo);
  };
  for (const link of all("main a[href]")) apart("link", link, link.href);
  for (const button of all("main button")) {
    const form = button.form;
    const fields = form ? all("input[type=hidden]:not([name=csrfmiddlewaretoken])", form) : [];
    apart("button", button, [button.formAction, button.name, button.value,
      ...fields.map((field) => field.value)].join(" "));
  }

  for (const table of all("table")) {
    const called = table.caption || table.getAttribute("aria-label")
      || table.getAttribute("aria-labelledby") || table.closest("[role=region], section, figure");
    if (!called) faults.push(`table without a caption: ${words(table).slice(0, 60)}`);
    if (!table.querySelector("th"))
      faults.push(`table without heads: ${words(table).slice(0, 60)}`);
    for (const head of all("th:not([scope])", table))
      faults.push(`head without a scope: ${words(head)}`);
  }

  const described = (element) => byIds(element.getAttribute("aria-describedby"));
  for (const error of all(".field-error")) {
    const field = error.closest(".field, fieldset");
    const told = field && [field, ...all("[aria-describedby]", field)]
      .some((element) => described(element).some((one) => one?.contains(error)));
    if (!told) faults.push(`error that no field tells: ${words(error)}`);
  }
  for (const field of all("main [aria-describedby]:not([aria-describedby=''])"))
    if (described(field).includes(null))
      faults.push(`described by nothing: ${field.getAttribute("aria-describedby")}`);

  const ids = all("[id]").map((element) => element.id);
  for (const id of new Set(ids.filter((one, n) => ids.indexOf(one) !== n)))
    faults.push(`id twice: ${id}`);
  for (const link of all("a[href^='#']"))
    if (link.hash.length > 1 && !document.getElementById(decodeURIComponent(link.hash.slice(1))))
      faults.push(`link to nothing: ${link.hash}`);
  if (all("[target]").length) faults.push("opens a window");
  if (all("h1").length !== 1) faults.push(`${all("h1").length} headings of the first order`);
  const failed = document.querySelector(".error-summary, .field-error");
  if (failed && !/^(Error: |错误：|錯誤：)/.test(document.title))
    faults.push(`the title doesn't say the error: ${document.title}`);
  return faults;
}"""


def faults(page: Page) -> list[str]:
    found: list[str] = page.evaluate(FAULTS)
    return found


def read(journey: Journey) -> None:
    """Look at the page as it stands, and listen to it."""
    journey.look()
    unclear = faults(journey.page)
    assert not unclear, "\n".join(unclear)


def look_at_all(journey: Journey, addresses: Iterable[str]) -> list[str]:
    """Open each, and say what is wrong with any."""
    found = []
    for address in addresses:
        try:
            answer = journey.page.goto(address)
            assert answer is not None
            assert answer.status < 500, f"{address} answers {answer.status}"
            read(journey)
        except (AssertionError, Error) as complaint:
            found.append(f"{address}: {str(complaint)[:1500]}")
            journey.complaints.clear()
    return found


def carry(journey: Journey, client: Client, language: str, base_url: str, *, elder: bool) -> None:
    """The session of the test's client, the language and the view, as cookies of the browser."""
    cookies: list[Any] = [
        {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": base_url},
        {"name": "django_language", "value": language, "url": base_url},
    ]
    if elder:
        cookies.append({"name": ELDER_COOKIE, "value": "1", "url": base_url})
    journey.page.context.add_cookies(cookies)
