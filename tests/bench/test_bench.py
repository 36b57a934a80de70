"""The bench judges rightly: nothing here is timed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import picture, readme, record, texts
from bench.engines import engine, names
from bench.engines.base import UnsupportedError, Vocabulary
from bench.engines.tiktoken_ import byte_of, pattern
from bench.extras import scaling
from bench.field import Row, Verdict, order, verdict
from bench.instructions.__main__ import judge, prose
from bench.summary import Summary, bar, shown, table
from tests.parity.allowed import tomllib
from tests.support.places import ROOT, TESTS

DEFINITIONS = tomllib.loads((ROOT / "bench" / "definitions.toml").read_text(encoding="utf-8"))
RIGHT = {
    "en": {"ids": ["a", "b"], "offsets": ["x", "y"]},
    "hostile": {"ids": ["c"], "offsets": ["z"]},
}
BAR = {
    "id": "P1",
    "text": "ids",
    "family": "byte-level",
    "job": "cold",
    "against": ["quick", "wrong"],
    "ratio": 1.5,
}


def row(name: str, seconds: float, number: int = 0) -> Row:
    return Row(number, "gpt2", "en", name, "cold", seconds, seconds, bytes=1_000_000, texts=1)


def summary(*rows: Row, ours: float = 1.0) -> Summary:
    verdicts = {
        ("fissile", "gpt2"): Verdict({"en": ours}),
        ("quick", "gpt2"): Verdict({"en": 1.0, "hostile": 0.5}),
        ("wrong", "gpt2"): Verdict({"en": 0.9}),
    }
    return Summary(list(rows), verdicts, {"gpt2": "byte-level"})


def test_definitions_name_engines_that_are_there() -> None:
    used = {name for entry in DEFINITIONS["bar"] for name in entry.get("against", [])}
    used |= {name for family in DEFINITIONS["families"].values() for name in family["contenders"]}
    assert used <= set(names())
    assert {entry["family"] for entry in DEFINITIONS["vocabulary"]} == set(DEFINITIONS["families"])


@pytest.mark.parametrize("name", names())
def test_engines_are_pinned(name: str) -> None:
    made = engine(name)
    assert made.name == name
    if name != "fissile":
        pins = (ROOT / "bench" / "requirements" / f"{made.environment}.txt").read_text()
        assert f"\n{made.distribution}==" in pins


@pytest.mark.parametrize("name", ["fissile", "tokenizers"])
def test_the_contract(name: str) -> None:
    made = engine(name)
    path = TESTS / "data" / "tokenizers" / "byte_level_roberta.json"
    made.load(Vocabulary("small", "byte-level", str(path)), 1)
    rows = made.rows(made.encode_batch(["a b", ""]))
    assert rows == [made.encode_one("a b"), []]
    assert rows[0] == made.call("a b")
    assert len(made.offsets(["a b"])[0]) == len(rows[0])
    assert made.encode_full(["a b"])
    assert len(made.decode_batch(rows)) == 2


def test_wrong_ids_are_seen() -> None:
    found = {name: {**part, "pace": 1.0} for name, part in RIGHT.items()}
    assert verdict({"check": found}, RIGHT).exact
    found["hostile"] = {**found["hostile"], "ids": ["?"]}
    assert verdict({"check": found}, RIGHT).exact, "hostile strings are reported, not judged"
    found["en"] = {**found["en"], "ids": ["a", "?"], "offsets": ["x", "?"]}
    judged = verdict({"check": found}, RIGHT)
    assert not judged.exact
    assert judged.share["en"] == judged.offsets["en"] == 0.5
    assert not verdict({"failed": "ended"}, RIGHT).exact


def test_the_best_peer_is_an_exact_one() -> None:
    found = summary(row("fissile", 1.0), row("quick", 2.0), row("wrong", 0.1))
    assert found.best("gpt2", "en", "cold", ["quick", "wrong"]) == ("quick", [2.0])
    line = bar(found, BAR)
    assert line.met
    assert "quick" in line.measured
    assert table(found, "cold", ["fissile", "quick", "wrong"])[1][1:4] == ["1.0", "0.5", "10≠"]


def test_ratios_are_taken_within_a_round() -> None:
    found = summary(
        row("fissile", 1.0, 0), row("quick", 1.0, 0), row("fissile", 4.0, 1), row("quick", 8.0, 1), row("quick", 99.0, 2)
    )  # fmt: skip
    assert found.best("gpt2", "en", "cold", ["quick"]) == ("quick", [1.0, 2.0])


def test_a_wrong_answer_of_ours_meets_no_bar() -> None:
    rows = [row("fissile", 1.0), row("quick", 9.0)]
    assert bar(summary(*rows), BAR).met
    assert not bar(summary(*rows, ours=0.99), BAR).met
    assert bar(summary(row("quick", 1.0)), BAR).met is None
    broken = summary(row("quick", 1.0))
    broken.verdicts["fissile", "gpt2"].cannot = "process ended"
    assert bar(broken, BAR).met is False


def test_calls_are_shown_in_microseconds() -> None:
    call = Row(0, "gpt2", "en", "fissile", "one", 0.003, 0.003, bytes=60_000, texts=1000)
    assert shown("one", call.speed) == "3.0"


def test_threads_are_judged_on_quiet_cores_only() -> None:
    one, two = [[2.0, 2.0, 0.0]], [[1.0, 2.0, 0.0]]
    assert scaling("batch", one, two).met
    assert not scaling("batch", one, [[1.5, 2.0, 0.0]]).met
    assert scaling("batch", one, [[1.5, 2.0, 0.5]]).met is None


def test_every_engine_begins_a_round() -> None:
    assert [order(["a", "b", "c"], number)[0] for number in range(4)] == ["a", "b", "c", "a"]


def test_no_text_is_met_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "CACHE", tmp_path)
    timed, checked = texts.parts("en", DEFINITIONS)
    parts = json.loads(timed.read_text(encoding="utf-8"))
    first, second, full = (set(parts[name]) for name in ("first", "second", "full"))
    assert first
    assert second
    assert not first & second
    assert not (first | second) & full
    assert not (first | second) & set(json.loads(checked.read_text(encoding="utf-8")))
    assert all(len(text.encode()) <= texts.LONGEST for text in first | second)


def test_bytes_of_a_byte_level_vocabulary() -> None:
    assert sorted(byte_of().values()) == list(range(256))
    assert byte_of()["Ġ"] == 0x20


def test_patterns_are_found() -> None:
    split = {"type": "Split", "pattern": {"Regex": r"\w+"}}
    bytes_ = {"type": "ByteLevel", "use_regex": False}
    assert pattern({"type": "Sequence", "pretokenizers": [split, bytes_]}) == r"\w+"
    with pytest.raises(UnsupportedError):
        pattern({"type": "Sequence", "pretokenizers": [split, split]})


def test_more_instructions_are_seen(capsys: pytest.CaptureFixture[str]) -> None:
    before = {"cold": 1000, "again": 1000}
    assert judge("case", {"cold": 1040, "again": 500}, before)
    assert not judge("case", {"cold": 1060, "again": 500}, before)
    assert "OVER" in capsys.readouterr().out


def test_the_text_that_is_counted_is_always_the_same() -> None:
    assert prose(["a", "b", "c", "d"], 200) == prose(["a", "b", "c", "d"], 200)
    assert set(prose(["word"], 50).lower()) <= set("word .,!?:\n1999's(2)")


def test_the_page_and_the_picture_show_every_engine(tmp_path: Path) -> None:
    found = summary(row("fissile", 1.0), row("quick", 0.5), row("wrong", 0.1))
    shown_names = ["fissile", "quick", "wrong"]
    record.page(tmp_path / "field.md", found, [bar(found, BAR)], shown_names, tmp_path / "now.json")
    picture.write(tmp_path / "field.svg", found, shown_names)
    page, drawn = (tmp_path / "field.md").read_text(), (tmp_path / "field.svg").read_text()
    assert "| P1 |" in page
    assert "| no |" in page
    assert "10≠" in page
    assert all(f">{name}<" in drawn for name in shown_names)


def test_the_readme_shows_the_newest_record(tmp_path: Path) -> None:
    table = readme.lines(json.loads(readme.newest().read_text(encoding="utf-8")))
    assert len(table) > 2
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "\n".join(table) in text
    copy = tmp_path / "README.md"
    copy.write_text(text, encoding="utf-8")
    readme.update(readme.newest(), copy)
    assert copy.read_text(encoding="utf-8") == text


def test_the_readme_compares_with_right_ids_only() -> None:
    def entry(name: str, speed: float) -> dict[str, object]:
        return {
            "vocabulary": "gpt2",
            "corpus": "en",
            "job": "cold",
            "engine": name,
            "MB/s": [1, speed, 9],
        }

    checked = [
        {"engine": name, "vocabulary": "gpt2", "exact": name != "wrong"}
        for name in ("fissile", "slow", "quick", "wrong")
    ]
    results = [entry("fissile", 50), entry("slow", 4), entry("quick", 60), entry("wrong", 99)]
    shown = readme.lines({"checked": checked, "results": results})
    assert shown[2] == "| gpt2 | 50 / 60 quick | - |"
    assert (
        readme.lines({"checked": checked, "results": results[:2]})[2]
        == "| gpt2 | **50** / 4 slow | - |"
    )
