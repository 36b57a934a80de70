"""The Hub, with nobody at the other end: what is asked of `huggingface_hub`, and when nothing is."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fissile import AutoTokenizer, BertTokenizerFast

from tests.auto.conftest import SMALL

hub = pytest.importorskip("huggingface_hub")

COMMIT = "0123abc"


class FakeApi:
    """Writes down what it is asked, and keeps what is uploaded."""

    asked: list[tuple[str, dict[str, Any]]]
    uploaded: dict[str, str]

    def __init__(self, token: Any = None) -> None:
        type(self).asked.append(("token", {"token": token}))

    def create_repo(self, repo_id: str, **options: Any) -> SimpleNamespace:
        self.asked.append(("create_repo", {"repo_id": repo_id, **options}))
        owned = repo_id if "/" in repo_id else f"somebody/{repo_id}"
        return SimpleNamespace(repo_id=owned)

    def create_branch(self, **options: Any) -> None:
        self.asked.append(("create_branch", options))

    def upload_folder(self, folder_path: str, **options: Any) -> str:
        folder = Path(folder_path)
        files = [path for path in folder.rglob("*") if path.is_file()]
        self.uploaded.update(
            {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in files}
        )
        self.asked.append(("upload_folder", options))
        return "the commit"


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> type[FakeApi]:
    FakeApi.asked, FakeApi.uploaded = [], {}
    monkeypatch.setattr(hub, "HfApi", FakeApi)
    return FakeApi


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError(f"the network was asked: {arguments}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(hub, "snapshot_download", refuse)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The snapshot of a repository in a cache of its own."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    repository = tmp_path / "models--somebody--model"
    snapshot = repository / "snapshots" / COMMIT
    snapshot.mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(COMMIT, encoding="utf-8")
    (snapshot / "tokenizer.json").write_bytes((SMALL / "word_pieces.json").read_bytes())
    return snapshot


def test_pushing_makes_the_repository_and_uploads_the_files(small: Any, api: Any) -> None:
    small.chat_template = "{{ messages }}"
    assert small.push_to_hub("dummy-model") == "the commit"
    assert [name for name, _ in api.asked] == ["token", "create_repo", "upload_folder"]
    assert api.asked[1][1] == {"repo_id": "dummy-model", "private": None, "exist_ok": True}
    assert api.asked[2][1]["repo_id"] == "somebody/dummy-model"
    assert api.asked[2][1]["commit_message"] == "Upload tokenizer"
    assert sorted(api.uploaded) == [
        "chat_template.jinja",
        "tokenizer.json",
        "tokenizer_config.json",
    ]
    assert json.loads(api.uploaded["tokenizer_config.json"])["pad_token"] == "[PAD]"


def test_pushing_as_older_programs_do(small: Any, api: Any) -> None:
    small.push_to_hub("dummy-model", organization="huggingface", use_auth_token="<TOKEN>")
    assert api.asked[0][1] == {"token": "<TOKEN>"}
    assert api.asked[1][1]["repo_id"] == "huggingface/dummy-model"
    assert api.asked[2][1]["repo_id"] == "huggingface/dummy-model"


def test_branches_messages_and_requests(small: Any, api: Any) -> None:
    small.push_to_hub(
        "a/b", revision="dev", commit_message="m", commit_description="d", create_pr=True
    )
    assert ("create_branch", {"repo_id": "a/b", "branch": "dev", "exist_ok": True}) in api.asked
    assert api.asked[-1][1] == {
        "repo_id": "a/b",
        "revision": "dev",
        "commit_message": "m",
        "commit_description": "d",
        "create_pr": True,
    }
    with pytest.raises(TypeError, match="comit_message"):
        small.push_to_hub("a/b", comit_message="m")


def test_tags_go_onto_the_card(small: Any, api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    card = hub.ModelCard("---\ntags:\n- old\n---\n\nWritten by hand.\n")
    monkeypatch.setattr(hub.ModelCard, "load", lambda *_, **__: card)
    small.push_to_hub("a/b", tags=["old", "new"])
    assert "Written by hand." in api.uploaded["README.md"]
    assert "- old\n- new\n" in api.uploaded["README.md"]

    def missing(*_: object, **__: object) -> None:
        raise hub.errors.EntryNotFoundError("no card")

    monkeypatch.setattr(hub.ModelCard, "load", missing)
    small.push_to_hub("a/b", tags=["new"])
    assert "- new\n" in api.uploaded["README.md"]


def test_saving_pushes_what_was_saved_and_nothing_else(
    small: Any, api: Any, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "secret.txt").write_text("x", encoding="utf-8")
    small.save_pretrained(folder, push_to_hub=True)
    assert api.asked[1][1]["repo_id"] == "mine"
    assert sorted(api.uploaded) == ["tokenizer.json", "tokenizer_config.json"]
    small.save_pretrained(folder, push_to_hub=True, repo_id="a/b", private=True)
    assert api.asked[-2][1] == {"repo_id": "a/b", "private": True, "exist_ok": True}


def test_what_is_in_the_cache_asks_nobody(cache: Path, no_network: None) -> None:
    (cache / "tokenizer_config.json").write_text('{"model_max_length": 7}', encoding="utf-8")
    opened = AutoTokenizer.from_pretrained("somebody/model")
    assert (opened.model_max_length, opened.name_or_path) == (7, "somebody/model")
    named = BertTokenizerFast.from_pretrained("somebody/model", revision=COMMIT)
    assert type(named) is BertTokenizerFast
    by_keyword = AutoTokenizer.from_pretrained(pretrained_model_name_or_path="somebody/model")
    assert dict(by_keyword("a b")) == dict(opened("a b"))


def test_what_is_known_not_to_be_there_is_not_asked_for(cache: Path, no_network: None) -> None:
    unknown = cache.parents[1] / ".no_exist" / COMMIT
    unknown.mkdir(parents=True)
    (unknown / "tokenizer_config.json").touch()
    assert AutoTokenizer.from_pretrained("somebody/model")("a")["input_ids"]


def test_what_is_half_there_is_asked_for(
    cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[dict[str, Any]] = []
    whole = tmp_path / "whole"
    whole.mkdir()
    (whole / "tokenizer.json").write_bytes((SMALL / "word_pieces.json").read_bytes())
    (whole / "tokenizer_config.json").write_text('{"model_max_length": 9}', encoding="utf-8")

    def download(name: str, **options: Any) -> str:
        asked.append({"name": name, **options})
        return str(whole)

    monkeypatch.setattr(hub, "snapshot_download", download)
    opened = AutoTokenizer.from_pretrained("somebody/model", token="t", revision="main")
    assert opened.model_max_length == 9
    assert (asked[0]["name"], asked[0]["token"], asked[0]["revision"]) == (
        "somebody/model", "t", "main",
    )  # fmt: skip
    # No weights are fetched for a tokenizer.
    assert not any("safetensors" in pattern for pattern in asked[0]["allow_patterns"])
    # Somebody who is offline gets what there is.
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert len(AutoTokenizer.from_pretrained("somebody/model")) > 0
    assert len(asked) == 1


def test_nobody_answers(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str, **options: Any) -> str:
        raise ConnectionError("no route")

    monkeypatch.setattr(hub, "snapshot_download", fail)
    # What the cache has is better than nothing.
    assert len(AutoTokenizer.from_pretrained("somebody/model")) > 0
    with pytest.raises(OSError, match=r"not in the local cache.*no route"):
        AutoTokenizer.from_pretrained("somebody/else")
