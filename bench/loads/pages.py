"""Every page that a citizen can open, once, on the slow phone of `page`.

Two minutes and more, which is why it isn't part of `make bench`: `make bench-one NAME=pages`.
"""

from bench.figures import Figure
from bench.loads.page import STAGE as STAGE
from bench.loads.page import Views, chromium, each_page, worst_pages
from bench.page.view import look, look_once
from bench.page.walk import walk_on
from bench.stage import Options, Stage

TITLE = "Weight and largest paint of every page"
SETS = ("single",)


def run(stage: Stage, options: Options) -> list[Figure]:
    views: Views = {}
    with chromium() as browser:
        # The first page of a fresh browser also waits for its fonts.
        look(browser, stage.base, {})
        for name, url, cookies in walk_on(browser, stage.base):
            for _round in range(options.rounds):
                views.setdefault(name, []).append(look_once(browser, url, cookies))
    weight, paint, *_others = worst_pages(views, views)
    by_paint = sorted(views.items(), key=lambda item: -max(v.largest_paint for v in item[1]))
    return [weight, paint, *(each_page(*item) for item in by_paint)]
