"""Settings come from the environment in one place, and say what is wrong with it."""

from pathlib import Path

import pytest

from qa.errors import QAError
from qa.settings import read_settings


def test_defaults() -> None:
    settings = read_settings({})
    assert settings.index is None
    assert settings.index_folder == Path("~/.union-qa/index").expanduser()
    assert (settings.host, settings.port, settings.encoder) == ("127.0.0.1", 7860, None)


def test_what_is_set_counts_and_what_is_blank_does_not() -> None:
    settings = read_settings(
        {"UNION_QA_INDEX": "~/报告索引", "UNION_QA_PORT": "8000", "UNION_QA_ENCODER": "  "}
    )
    assert settings.index_folder == Path("~/报告索引").expanduser()
    assert settings.port == 8000
    assert settings.encoder is None


@pytest.mark.parametrize("variable", ["UNION_QA_HOME", "UNION_QA_INDEX", "UNION_QA_USERS"])
def test_a_path_of_nobody_is_refused(variable: str) -> None:
    with pytest.raises(QAError, match=f"{variable} 的路径 ~nobody-here/x .*完整的路径"):
        read_settings({variable: "~nobody-here/x"})


@pytest.mark.parametrize("port", ["0", "65536", "七", "-1", "80.0", "1" * 5000])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(QAError, match=f"UNION_QA_PORT .*现在是“{port}”"):
        read_settings({"UNION_QA_PORT": port})


def test_a_port_may_begin_with_zeros() -> None:
    assert read_settings({"UNION_QA_PORT": "007860"}).port == 7860


def test_proxies_are_addresses_or_networks() -> None:
    assert read_settings({}).proxies == ("127.0.0.1", "::1")
    assert read_settings({"UNION_QA_PROXIES": "10.0.0.5, 192.168.0.0/16"}).proxies == (
        "10.0.0.5",
        "192.168.0.0/16",
    )
    with pytest.raises(QAError, match="UNION_QA_PROXIES"):
        read_settings({"UNION_QA_PROXIES": "10.0.0.5,proxy.example"})
