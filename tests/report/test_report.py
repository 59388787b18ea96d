"""The report: a pure function of the run folder, saying the same numbers everywhere, each with its denominator."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from kit.maps import columns_of, data_in, text_of
from kit.press import CODEBOOK
from kit.press_runs import altered, press_run, repeated

from toolkit.figures import FIGURES, RunTables
from toolkit.report import write_report
from toolkit.report.explorer import script_json
from toolkit.report.markdown import plain
from toolkit.report.places import web_address
from toolkit.settings import ReportSettings

BOTH = ReportSettings(formats=("html", "md"), full=True)


class Reader(HTMLParser):
    """The words of a page, its ids and its links."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.handlers: list[tuple[str, str]] = []
        self.silent = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.silent += tag in {"script", "style", "title", "desc"}
        self.ids += [given["id"]] if given.get("id") else []
        self.links += [given["href"]] if given.get("href") else []
        self.handlers += [(tag, name) for name in given if name.startswith("on") or name == "style"]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"script", "style", "title", "desc"}

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = press_run(tmp_path_factory.mktemp("report") / "run")
    write_report(folder, BOTH)
    return folder


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = press_run(tmp_path_factory.mktemp("report") / "run", hostile=True)
    write_report(folder, BOTH)
    return folder


def dead_links(text: str) -> set[str]:
    """Links inside a page that lead nowhere."""
    read = Reader(text)
    return {link for link in read.links if link.startswith("#")} - {f"#{name}" for name in read.ids}


def page(folder: Path) -> str:
    return (folder / "report.html").read_text(encoding="utf-8")


def test_the_same_folder_gives_the_same_bytes_in_another_place_process_and_clock(run: Path, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere" / "renamed"
    shutil.copytree(run, copy)
    for path in [copy / "report.html", copy / "report.md", *(copy / "figures").iterdir()]:
        path.unlink()
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["stages"][0]["seconds"] = 99.0
    manifest["environment"] |= {"platform": "elsewhere", "cpu": "other", "python": "3.12.1"}
    (copy / "manifest.json").write_text(json.dumps(manifest))
    script = "import sys; from pathlib import Path; from toolkit.report import write_report as w;"
    script += "from toolkit.settings import ReportSettings as S; w(Path(sys.argv[1]), S(full=True))"
    environment = {"PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo", "LANG": "C", "PATH": ""}
    subprocess.run([sys.executable, "-c", script, str(copy)], check=True, env=environment)
    for path in [run / "report.html", run / "report.md", run / "references.bib", *sorted((run / "figures").iterdir())]:
        assert path.read_bytes() == (copy / path.relative_to(run)).read_bytes(), path.name


def test_the_report_reaches_for_no_model_library() -> None:
    script = "import sys, toolkit.report, toolkit.figures, toolkit.report.page, toolkit.report.markdown;"
    script += "heavy = {'torch', 'umap', 'hdbscan', 'bertopic', 'sentence_transformers', 'sklearn', 'pandas'};"
    script += "print(sorted(heavy & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout.strip() == "[]"


def test_the_policy_names_the_hash_of_the_one_style_and_the_one_script(hostile: Path) -> None:
    text = page(hostile)
    policy = unescape(re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1])  # type: ignore[index]
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy and "http" not in policy
    for tag in ("style", "script"):
        inside = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert len(inside) == 1
        digest = base64.b64encode(hashlib.sha256(inside[0].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_hostile_words_stay_words_in_the_page(hostile: Path) -> None:
    text = page(hostile)
    read = Reader(text)
    assert read.handlers == []
    assert read.tags.count("script") == 2 and "img" not in read.tags and "b" in read.tags
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08]", text)
    beside = re.compile(r"(tables|figures)/\w+\.(csv|svg)|metrics\.json|references\.bib")
    assert all(link.startswith(("#", "https://")) or beside.fullmatch(link) for link in read.links)
    assert "{{ 7*7 }}" in read.text and "49" not in read.text.split("{{ 7*7 }}")[1][:20]
    data = re.search(r'id="data">(.*?)</script>', text, re.DOTALL)[1]  # type: ignore[index]
    packed = json.dumps(text_of(json.loads(data)), ensure_ascii=False)
    assert "<" not in data and "onerror" in packed and not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08]", packed)


def test_hostile_words_stay_words_in_markdown(hostile: Path) -> None:
    from markdown_it import MarkdownIt

    text = (hostile / "report.md").read_text(encoding="utf-8")
    html = MarkdownIt("gfm-like", {"linkify": False}).render(text)
    read = Reader(html.replace(" open", ""))
    assert "script" not in read.tags and "svg" not in read.tags
    assert all(link.startswith(("https://example.org", "https://doi.org")) for link in read.links), read.links
    assert html.count("<img") == html.count('<img src="figures/')
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", text)


def test_page_and_markdown_say_the_same_numbers(run: Path) -> None:
    from markdown_it import MarkdownIt

    there = Reader(re.sub("<svg.*?</svg>", "", page(run), flags=re.DOTALL)).text  # Markdown has figures as files
    here = Reader(MarkdownIt("gfm-like", {"linkify": False}).render((run / "report.md").read_text())).text
    pattern = re.compile(r"<?\d[\d,.]*%? \(\S+?–\S+?\)|\b\d+(?:,\d{3})* of \d+(?:,\d{3})*\b")
    numbers, others = set(pattern.findall(there)), set(pattern.findall(here))
    assert len(numbers) > 40
    assert others - numbers == set()
    headlines = " ".join(make(RunTables(run)).headline for make in FIGURES.values())  # on paper in the picture
    assert numbers - others <= positions(there) | set(pattern.findall(headlines))


def positions(text: str) -> set[str]:
    """Numbers that only the page has: of the map's selection and of the paragraphs at its end."""
    return set(re.findall(r"paragraph (\d+ of \d+)", text))


def test_every_theme_and_every_code_is_there_also_without_hits(run: Path) -> None:
    text = Reader(page(run)).text
    for entry in CODEBOOK["themes"]:
        assert entry["name"] in text
    assert re.search(r"Fisheries \S+ not found|Fisheries not found", text)
    assert re.search(r"No paragraph of \d+ reached the threshold", text)
    assert "in no theme" in text, "noise is counted"


def test_every_link_inside_the_page_leads_somewhere_and_ids_are_unique(run: Path) -> None:
    read = Reader(page(run))
    assert len(read.ids) == len(set(read.ids))
    assert dead_links(page(run)) == set()


def test_every_quote_in_the_page_is_verbatim_in_its_paragraph(run: Path) -> None:
    text = page(run)
    quotes = re.findall(r'<bdi class="q">(.*?)</bdi>.*?href="#(p\d+)"', text, re.DOTALL)
    assert len(quotes) > 20
    for quote, anchor in quotes:
        paragraph = re.search(rf'id="{anchor}">.*?<p class="text">(.*?)</p>', text, re.DOTALL)
        assert paragraph and quote.removesuffix("…") in paragraph[1]  # a card shows the beginning of a long one
    assert sum(quote.endswith("…") for quote, _ in quotes) < len(quotes) / 3


def test_with_text_none_no_words_of_the_corpus_but_keywords_are_written(tmp_path: Path) -> None:
    folder = press_run(tmp_path / "run")
    write_report(folder, ReportSettings(formats=("html", "md"), text="none", full=True))
    for name in ("report.html", "report.md"):
        text = (folder / name).read_text(encoding="utf-8")
        if name == "report.html":
            packed = text_of(data_in(text))
            assert packed["words"] == []
            text += json.dumps(packed, ensure_ascii=False)
        for words in ("tester in Wuxi", "Notes from the region", "Read more", "Title line", "Part 1"):
            assert words not in text, (name, words)
        assert "photoresist" in text, "keywords are shown"


def test_with_text_none_no_run_of_four_corpus_words_is_in_any_file(tmp_path: Path) -> None:
    folder = press_run(tmp_path / "run", words=120)
    write_report(folder, ReportSettings(formats=("html", "md"), text="none"))
    tables = [pq.read_table(folder / "tables" / f"{name}.parquet") for name in ("paragraphs", "documents", "ledger")]
    corpus = [text for table in tables for name in ("text", "title", "url") if name in table.column_names
              for text in table[name].to_pylist()]  # fmt: skip
    names = {name.lower() for row in RunTables(folder).rows("themes") for name in (row["label"], *row["keywords"])}
    for path in [folder / "report.html", folder / "report.md", *sorted((folder / "figures").iterdir())]:
        given = path.read_text(encoding="utf-8")
        packed = json.dumps(text_of(data_in(given)), ensure_ascii=False) if path.suffix == ".html" else ""
        text = unescape(re.sub(r"<(style|script)>.*?</\1>", "", given, flags=re.DOTALL) + packed).lower()
        for name in sorted(names, key=len, reverse=True):
            text = text.replace(name, "a name")
        written = runs_of_words(text).difference(*map(runs_of_words, names))  # a figure writes a long name on two lines
        for words in corpus:
            assert not runs_of_words(words) & written, path.name


def runs_of_words(text: str, length: int = 4) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", unescape(text).lower())
    return set(zip(*[words[start:] for start in range(length)], strict=False))


def test_with_text_snippet_no_quote_has_more_than_30_words(tmp_path: Path) -> None:
    folder = repeated(press_run(tmp_path / "run", words=120), 3)
    write_report(folder, ReportSettings(formats=("html", "md"), text="snippet"))
    text = page(folder)
    shown = re.findall(r'<bdi class="q">(.*?)</bdi>|<p class="text">(.*?)</p>', text, re.DOTALL)
    shown += [(words, "") for words in text_of(data_in(text))["words"]]
    assert len(shown) > 100
    assert max(len(max(pair, key=len).split()) for pair in shown) <= 30


@pytest.mark.slow
def test_two_thousand_paragraphs_stay_under_two_megabytes(tmp_path: Path) -> None:
    folder = press_run(tmp_path / "run", documents=200, per_document=10, words=85)
    write_report(folder, ReportSettings(formats=("html",)))
    assert 900_000 < len(page(folder).encode()) < 2_000_000


def test_a_run_without_codebook_themes_dates_or_extra_tables_says_so(tmp_path: Path) -> None:
    folder = press_run(tmp_path / "run", documents=1, per_document=2, codebook=False)
    for path in sorted((folder / "tables").glob("*.parquet")):
        if path.stem not in {"documents", "paragraphs", "ledger", "themes", "exemplars", "prevalence"}:
            path.unlink()
    write_report(folder, BOTH)
    for name in ("report.html", "report.md"):
        text = (folder / name).read_text(encoding="utf-8")
        assert text.count("No theme is claimed") == 1 and "No codebook was given" in text
        assert "The corpus is small" in text and "Nobody coded" not in text
        for head in ("Themes found", "The codebook", "Codes and themes", "By source and over time"):
            assert head not in text, (name, head)


def test_a_small_run_with_a_codebook_opens_with_its_codes_and_says_once_why_it_has_no_themes(tmp_path: Path) -> None:
    folder = press_run(tmp_path / "run", documents=2, per_document=3, coders=False)
    write_report(folder, BOTH)
    for name in ("report.html", "report.md"):
        text = (folder / name).read_text(encoding="utf-8")
        why = (
            "No theme is claimed: the corpus has 6 different paragraphs, fewer than the 12 from which themes are looked"
        )
        assert text.count("fewer than the 12") == 1 and why in text
        assert "Themes found" not in text and "there are no themes" not in text
        assert "Nobody coded paragraphs of this run" in text
    assert dead_links(page(folder)) == set(), "nothing leads to the card of a theme"


def test_most_paragraphs_come_from_counts_those_without_a_source(tmp_path: Path) -> None:
    folder = press_run(tmp_path / "run")
    documents = pq.read_table(folder / "tables" / "documents.parquet")
    place = documents.schema.get_field_index("source")
    named = ["Wire" if i == 0 else None for i in range(documents.num_rows)]
    pq.write_table(documents.set_column(place, "source", pa.array(named)), folder / "tables" / "documents.parquet")
    tables = RunTables(folder)
    shares = pq.read_table(folder / "tables" / "prevalence.parquet").to_pylist()
    shares = [row for row in shares if row["group_by"] != "source"]
    first = [row for row in shares if row["kind"] == "theme" and row["unit"] == "paragraph"
             and row["counting"] == "unique" and row["group_by"] is None]  # fmt: skip
    n = tables.sources["Wire"]
    shares += [row | {"group_by": "source", "group": "Wire", "estimate": 1 / n, "n": n} for row in first]
    schema = pq.read_schema(folder / "tables" / "prevalence.parquet")
    pq.write_table(pa.Table.from_pylist(shares, schema=schema), folder / "tables" / "prevalence.parquet")
    write_report(folder, BOTH)
    hits = round(next(row["estimate"] * row["n"] for row in first if row["id"] == "0"))
    text = Reader(page(folder)).text
    assert f"no source ({hits - 1} of {hits}), Wire (1 of {hits};" in text
    assert "All documents that name a source come from one source, Wire" in text


def test_what_reassigning_noise_did_to_each_share_stands_beside_it(tmp_path: Path) -> None:
    folder = press_run(tmp_path / "run")
    unique = [row for row in RunTables(folder).rows("paragraphs") if row["duplicate_of"] is None]
    of_theme = [row["paragraph_id"] for row in unique if row["theme"] == 0]
    altered(
        folder, "paragraphs", lambda rows: [row | {"reassigned": row["paragraph_id"] == of_theme[0]} for row in rows]
    )
    write_report(folder, BOTH)
    counts = f"{len(of_theme) - 1} of {len(unique)}"
    line = re.search(
        r"^- Without paragraphs that had no theme.*$", (folder / "report.md").read_text("utf-8"), re.MULTILINE
    )
    assert line is not None and line.group().endswith(counts)
    assert re.search(rf"given the nearest [^ ]+ {counts}", Reader(page(folder)).text)


def test_a_broad_theme_that_holds_one_theme_only_is_not_shown(tmp_path: Path) -> None:
    folder = press_run(tmp_path / "run")
    themes = pq.read_table(folder / "tables" / "themes.parquet").to_pylist()
    for row in themes:
        if row["level"] == 0 and row["theme"] >= 0:
            row["parent"] = 1001 if row["theme"] == 0 else 1000
    schema = pq.read_schema(folder / "tables" / "themes.parquet")
    pq.write_table(pa.Table.from_pylist(themes, schema=schema), folder / "tables" / "themes.parquet")
    tables = RunTables(folder)
    assert [row["theme"] for row in tables.broad] == [1000]
    assert tables.parent(0) is None and tables.parent(1) == 1000


def test_evidence_stands_in_order_of_the_coders_word_and_then_of_its_sureness(tmp_path: Path) -> None:
    folder = press_run(tmp_path / "run")
    altered(folder, "codes", lambda rows: [row | {"quote_score": None} for row in rows])  # which would order them
    write_report(folder, BOTH)
    cards = re.findall(r'<article class="card[^"]*" id="code-.*?</article>', page(folder), re.DOTALL)
    notes = r"\. ((?:Confirmed|Disputed)[^;<]*; p|P)robability (\d\.\d+)"
    shown = [[("CPD".index(word[0]), -float(value)) for word, value in re.findall(notes, card)] for card in cards]
    assert any(len(values) > 2 for values in shown)
    assert {kind for values in shown for kind, _ in values} == {0, 1}
    assert all(values == sorted(values) for values in shown)


def test_a_line_over_time_says_in_words_what_it_shows(run: Path) -> None:
    text = page(run)
    lines = re.findall(r'<svg class="spark"[^>]*role="img" aria-label="([^"]+)"', text)
    assert len(lines) >= 4
    assert all(re.match(r"(&lt;)?\d+% of \d+ in 20\d\d\S*, (&lt;)?\d+% of \d+ in 20\d\d", line) for line in lines), (
        lines
    )
    moving = [line for line in lines if ";" in line]  # others are 0% in every period, of what was not found
    assert len(moving) >= 4
    assert all(line.split(";")[0].replace("&lt;", "<") in Reader(text).text for line in moving)


def test_references_are_those_of_the_methods_used(run: Path) -> None:
    bib = (run / "references.bib").read_text(encoding="utf-8")
    assert set(re.findall(r"^@\w+\{(\w+),$", bib, re.MULTILINE)) == set(
        RunTables(run).table("works")["work"].to_pylist()
    )


def test_a_limitation_is_stated_for_what_the_numbers_warn_of(tmp_path: Path) -> None:
    folder = press_run(tmp_path / "run")
    altered(folder, "themes", lambda rows: [row | {"fragile": row["theme"] == 3} for row in rows])
    write_report(folder, BOTH)
    text = Reader(page(folder)).text.split("Limitations")[1]
    assert "The corpus is small (57 unique paragraphs)" in text
    assert "1 of 4 themes did not return often enough" in text
    assert "1 of 12 documents have no date" in text
    assert "1 of 5 codes was found in no paragraph (“Fisheries”)" in text


@pytest.mark.parametrize(
    "given",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        " JaVaScRiPt:x",
        "file:///etc/passwd",
        "//example.org",
        "https://a b/",
        "",
    ],
)
def test_only_web_addresses_become_links(given: str) -> None:
    assert web_address(given) == ""
    assert web_address("https://example.org/a?b=c") == "https://example.org/a?b=c"


@pytest.mark.parametrize("given", ["# a", "* b", "1. c", "> d", "a|b", "<b>", "![x](y)", "`c`", "- e", "+ f", "$x$"])
def test_marks_are_escaped_in_markdown(given: str) -> None:
    from markdown_it import MarkdownIt

    assert Reader(MarkdownIt("gfm-like", {"linkify": False}).render(plain(given))).text == given


def test_json_for_the_page_cannot_end_its_element() -> None:
    assert "<" not in script_json({"a": "</script><!--"}) and json.loads(script_json(["</script>"])) == ["</script>"]


@pytest.mark.slow
def test_a_hundred_thousand_paragraphs_make_a_page_of_a_stated_sample(tmp_path: Path) -> None:
    folder = repeated(press_run(tmp_path / "run", documents=200, per_document=10, words=85), 50)
    write_report(folder, ReportSettings(formats=("html",)))
    text = page(folder)
    assert len(text.encode()) < 8_000_000
    assert re.search(r"9\d,\d{3} unique paragraphs\..* without JavaScript, show 5,000, every theme in", text)
    rows = set(np.cumsum(columns_of(data_in(text))["row"]).tolist())
    quoted = {int(row) for row in re.findall(r'<blockquote.*?href="#p(\d+)"', text, re.DOTALL)}
    assert quoted and quoted <= rows, "exemplars and evidence are on the map"


def test_titles_and_sources_of_any_length_are_cut(tmp_path: Path) -> None:
    folder = press_run(tmp_path / "run")
    documents = pq.read_table(folder / "tables" / "documents.parquet")
    for name in ("title", "source"):
        longs = pa.array([letter * 100_000 for letter in "abcdefghijkl"])
        documents = documents.set_column(documents.schema.get_field_index(name), name, longs)
    pq.write_table(documents, folder / "tables" / "documents.parquet")
    write_report(folder, BOTH)
    assert len(page(folder)) < 1_500_000 and "a" * 300 not in page(folder)


@pytest.mark.parametrize("column", ["stability", "share", "share_low", "keywords", "fragile", "label"])
def test_a_column_of_nulls_is_said_and_not_a_crash(tmp_path: Path, column: str) -> None:
    folder = press_run(tmp_path / "run")
    themes = pq.read_table(folder / "tables" / "themes.parquet")
    place = themes.schema.get_field_index(column)
    nulls = pa.nulls(themes.num_rows, themes.schema.field(column).type)
    pq.write_table(themes.set_column(place, column, nulls), folder / "tables" / "themes.parquet")
    write_report(folder, BOTH)
    assert "nan" not in Reader(page(folder)).text.lower().split() and "None" not in Reader(page(folder)).text.split()


def test_a_theme_whose_stability_was_not_measured_is_not_called_fragile(tmp_path: Path) -> None:
    folder = press_run(tmp_path / "run")
    themes = pq.read_table(folder / "tables" / "themes.parquet")
    for name in ("stability", "stability_low", "stability_high"):
        nulls = pa.nulls(themes.num_rows, pa.float64())
        themes = themes.set_column(themes.schema.get_field_index(name), name, nulls)
    pq.write_table(themes, folder / "tables" / "themes.parquet")
    (folder / "tables" / "notes.parquet").unlink()
    write_report(folder, BOTH)
    text = Reader(page(folder)).text
    assert "Stability was not measured: nothing here says" in text and "not measured" in text
    assert 'class="tag fragile">fragile' not in page(folder) and "Stability under resampling" not in text
