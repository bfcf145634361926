"""The page answers to its own names and to pages of its own, not to a name that was rebound or to another site."""

import socket

import pytest

from qa.web.addresses import asked_here, called, is_loopback, same_origin


def test_only_these_lead_to_this_machine_alone() -> None:
    hosts = {
        "127.0.0.1": True,
        "127.1.2.3": True,
        "localhost": True,
        "::1": True,
        "0.0.0.0": False,
        "192.0.2.1": False,
        "localhost.example": False,
        "": False,
    }
    assert {host: is_loopback(host) for host in hosts} == hosts


@pytest.mark.parametrize(
    ("host", "listens", "names", "answers"),
    [
        ("127.0.0.1:7860", "127.0.0.1", (), True),
        ("localhost", "127.0.0.1", (), True),
        ("[::1]:7860", "127.0.0.1", (), True),
        ("192.0.2.1:7860", "127.0.0.1", (), False),
        ("rebound.example:7860", "127.0.0.1", (), False),
        ("QA.example.org", "127.0.0.1", ("qa.example.org",), True),
        ("qa.example.org.evil.example", "127.0.0.1", ("qa.example.org",), False),
        ("192.0.2.1:7860", "0.0.0.0", (), True),
        ("[2001:db8::1]:7860", "::", (), True),
        ("rebound.example", "0.0.0.0", (), False),
        (socket.gethostname(), "0.0.0.0", (), True),
        ("qa.example.org", "qa.example.org", (), True),
        ("", "0.0.0.0", (), False),
        ("[1", "127.0.0.1", (), False),
        ("127.0.0.1@evil.example", "127.0.0.1", (), False),
        ("127.0.0.1:7860, evil.example", "127.0.0.1", (), False),
        ("127.0.0.1:80/evil", "127.0.0.1", (), False),
        ("127.0.0.1:abc", "127.0.0.1", (), False),
    ],
)
def test_names_under_which_the_page_is_called(
    host: str, listens: str, names: tuple[str, ...], answers: bool
) -> None:
    assert called(host, listens, names) is answers


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"host": "a:1"}, True),
        ({"host": "a:1", "origin": "http://a:1"}, True),
        ({"host": "A:1", "origin": "https://a:1"}, True),
        ({"host": "a:1", "origin": "http://a:2"}, False),
        ({"host": "a:1", "origin": "http://b:1"}, False),
        ({"host": "a:1", "origin": "null"}, False),
        ({"host": "", "origin": "null"}, False),
        ({"host": "a:1", "origin": "http://[1"}, False),
        ({"host": "a:1", "sec-fetch-site": "same-origin"}, True),
        ({"host": "a:1", "sec-fetch-site": "cross-site"}, False),
        ({"host": "a:1", "sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors"}, False),
        (
            {
                "host": "a:1",
                "sec-fetch-site": "cross-site",
                "sec-fetch-mode": "navigate",
                "sec-fetch-dest": "document",
            },
            True,
        ),
        (
            {
                "host": "a:1",
                "sec-fetch-site": "cross-site",
                "sec-fetch-mode": "navigate",
                "sec-fetch-dest": "iframe",
            },
            False,
        ),
    ],
)
def test_requests_of_other_sites_are_told_apart(headers: dict[str, str], ours: bool) -> None:
    assert same_origin(headers) is ours


@pytest.mark.parametrize(
    ("headers", "here"),
    [
        ({"host": "127.0.0.1:7860"}, True),
        ({"host": "localhost:7860", "origin": "http://localhost:7860"}, True),
        ({"host": "[::1]:7860", "origin": "http://[::1]:7860"}, True),
        ({"host": "127.0.0.1:7860", "origin": "https://elsewhere.example"}, False),
        ({"host": "127.0.0.1:7860", "origin": "null"}, False),
        ({"host": "rebound.example:7860", "origin": "http://rebound.example:7860"}, False),
        ({"host": "127.0.0.1:7860", "x-forwarded-for": "192.0.2.1"}, False),
        ({"host": "[1"}, False),
        ({}, False),
    ],
)
def test_requests_of_other_sites_and_through_proxies_change_nothing(
    headers: dict[str, str], here: bool
) -> None:
    assert asked_here(headers) is here
