"""The page lets the browser load nothing from elsewhere, and our script comes first."""

from __future__ import annotations

import httpx

from tests.web.conftest import Served


def test_page_forbids_everything_beyond_the_host(served: Served) -> None:
    response = httpx.get(served.url)
    policy = response.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert not [word for word in policy.split() if "://" in word or word == "*"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert int(response.headers["content-length"]) == len(response.content)


def test_language_is_set_before_anything_else_runs(served: Served) -> None:
    html = httpx.get(served.url).text
    assert 'lang="zh-CN"' in html[: html.index("<head>")]
    assert html.index("qa-language") == html.index("qa-language", html.index("<script>"))
    assert html.count("<script>", 0, html.index("qa-language")) == 1


def test_other_answers_pass_through_whole(served: Served) -> None:
    info = httpx.get(f"{served.url}/gradio_api/info")
    assert info.status_code == 200
    assert list(info.json()["named_endpoints"]) == ["/ask", "/retrieve", "/figures", "/read"]
    assert "content-security-policy" in info.headers
