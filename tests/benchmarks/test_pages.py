"""Which pages the bench measures: all that the policy table knows, without anybody naming them again."""

from benchmarks import pages
from deploy.local.layout import service_names
from shared.policy import policy, rules_of


def test_every_page_that_asks_for_nothing_but_a_complaint_is_measured() -> None:
    measured = {page.route for page in pages.pages()}
    for service in policy().services.keys() - {"app", "shell"}:
        for route in rules_of(service):
            if route.startswith(f"GET /{service}/") and "{" not in route.replace("{complaint_id}", ""):
                assert (route in measured) != route.endswith("/live"), route
    assert {"GET /", "GET /portal/desk", "GET /portal/cases/{complaint_id}", "GET /verification/worklist"} <= measured
    assert {f"GET /{service}/audit/{{complaint_id}}" for service in service_names()} <= measured


def test_whatever_is_no_page_is_not() -> None:
    for page in pages.pages():
        assert page.route == "GET /" or page.route.split("/")[1] == page.service, page.route
        assert not page.route.endswith(("/sign-in", "/signed-in", "/live"))


def test_each_is_opened_by_somebody_who_may() -> None:
    for page in pages.pages():
        names = dict(page.headers("code"))
        assert ("Cookie" in names) == bool(page.rule.proof), page.route
        assert ("Authorization" in names) == bool(page.rule.may), page.route
