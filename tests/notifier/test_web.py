"""Who may open what: the office's pages, strangers, and requests that make no sense."""

from pathlib import Path

import pytest

from notifier.web import Doors, make_app
from notifier.web.bubble import bubble
from notifier.web.gate import office_link
from tests.stories.office import Office, story

PAGES = ("/", "/duty?key=QX-03", "/ledger", "/sandbox")
RULE = {"编号": "QX-03", "事项": "召集会议", "责任人": "应急办主任", "频次": "每季度至少1次"}


def closed(office: Office) -> Office:
    """Give the office as it is when others than this machine can reach it."""
    troubles = office.server.troubles
    office.app = make_app(office.desk, office.sandbox, troubles, Doors(is_open=False))
    return office


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_sees_nothing_of_the_office(tmp_path: Path, page: str) -> None:
    with story(tmp_path, "2026-07-01T08:00+08:00", RULE) as office:
        response = closed(office).get(page)
        assert response.status_code == 403
        assert "召集会议" not in response.text


def test_the_office_link_opens_every_page_and_leaves_the_address(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:00+08:00", RULE) as office:
        key = office_link(closed(office).desk).partition("key=")[2]
        response = office.get(f"/?key={key}")
        assert response.status_code == 303
        assert "key=" not in response.headers["location"]
        cookie = response.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        kept = {"Cookie": cookie.partition(";")[0]}
        for page in PAGES:
            assert office.get(page, kept).status_code != 403


def test_an_answer_link_is_no_office_link(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:59+08:00", RULE) as office:
        office.until("2026-07-01T09:00")
        token = office.expects("安委办工作群").links[0].rpartition("/")[2]
        assert closed(office).get(f"/?key={token}").status_code == 403


def test_the_board_is_healthy_and_says_what_is_not(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:00+08:00", RULE) as office:
        assert office.get("/healthz").text == "ok\n"
        troubled = make_app(
            office.desk, office.sandbox, lambda: ("时钟线程停了",), Doors(is_open=True)
        )
        office.app = troubled
        response = office.get("/healthz")
        assert response.status_code == 503
        assert "时钟线程停了" in response.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nowhere", 404),
        ("/duty", 404),
        ("/duty?key=%00", 404),
        ("/ledger?before=99999999999999999999", 200),
        ("/ledger?before=-1", 200),
        ("/sandbox?group=%3Cscript%3E", 200),
        ("/a/" + "x" * 5000, 403),
        ("/static/../pages.py", 404),
    ],
)
def test_senseless_addresses_are_answered_in_words(tmp_path: Path, path: str, status: int) -> None:
    with story(tmp_path, "2026-07-01T08:00+08:00", RULE) as office:
        response = office.get(path)
        assert response.status_code == status
        assert "<script>" not in response.text


def test_a_page_that_only_shows_cannot_be_posted_to(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:00+08:00", RULE) as office:
        assert office.post("/", {"key": "x"}).status_code == 405


def test_a_bubble_holds_no_mark_of_its_own() -> None:
    shown = str(bubble('**粗** <img src=x onerror=alert(1)> [链](javascript:alert(1)) <@all>"'))
    assert "<b>粗</b>" in shown
    assert "<img" not in shown
    assert "href" not in shown
