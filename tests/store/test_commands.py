"""The commands, the settings and the library over a store in Milvus."""

import json
from pathlib import Path

import pytest

import qa
from qa.cli import main
from qa.settings import read_settings
from tests.index.made import SUZHOU, WUXI, write_reports
from tests.store.conftest import needs_lite, new_database
from tests.store.servers import Server

pytestmark = needs_lite


@pytest.fixture
def store(lite: Server) -> str:
    return f"milvus:{new_database(lite.address)}"


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    return write_reports(tmp_path / "reports", suzhou=SUZHOU, wuxi=WUXI)


def test_build_status_search_and_ask(store: str, reports: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rebuild", str(reports), "--store", store]) == 0
    assert f"索引      {store}（第 1 代）" in capsys.readouterr().out
    assert main(["status", "--store", store]) == 0
    told = capsys.readouterr().out
    assert "milvus_lite" in told and "向量在 Milvus 里检索" in told and "2 份报告" in told
    assert main(["status", "--store", store, "--json"]) == 0
    assert store in json.loads(capsys.readouterr().out)["index"]
    assert main(["search", "爱心驿站", "-k", "1", "--place", "苏州", "--store", store]) == 0
    assert "1026家" in capsys.readouterr().out
    assert main(["figures", "--indicator", "助学金", "--store", store]) == 0
    assert "1300万" in capsys.readouterr().out
    assert main(["ask", "无锡评出市级工匠多少名？", "--store", store]) == 0
    assert "150名" in capsys.readouterr().out


def test_the_environment_names_the_store(
    store: str, reports: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("UNION_QA_STORE", store)
    assert main(["ask", "苏州建成多少家爱心驿站？"]) == 1
    assert "里还没有索引" in capsys.readouterr().err
    assert main(["rebuild", str(reports)]) == 0
    assert "1026家" in qa.ask("苏州建成多少家爱心驿站？").text
    assert not (read_settings().home / "index").exists()


def test_the_library_takes_the_name_of_a_store(store: str, reports: Path) -> None:
    assert main(["rebuild", str(reports), "--store", store]) == 0
    library = qa.open_library(store)
    assert library.status().store.startswith(store) and not library.status().is_sample
    assert library.status().folder == str(read_settings().index_folder)  # beside which corrections lie
    assert library.retrieve("调解劳动争议", 1, place="苏州")[0].report.place.name == "苏州市"


def test_what_a_store_asks_for_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNION_QA_STORE_TOKEN", "root:geheim")
    assert read_settings().store_token == "root:geheim" and "geheim" not in repr(read_settings())
