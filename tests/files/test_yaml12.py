"""YAML means what it looks like, and every value knows its place."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import ConfigError
from toolkit.files import yaml12


@pytest.mark.parametrize(
    ("written", "meant"),
    [("NO", "NO"), ("on", "on"), ("012", 12), ("1e-3", 0.001), ("0o17", 15), ("2024-01-05", "2024-01-05"),
     ("~", None), ("true", True), ("'12'", "12"), (".5", 0.5), ("1_000", "1_000"), ("12:30", "12:30")],
)  # fmt: skip
def test_a_value_is_what_yaml_1_2_says(written: str, meant: object) -> None:
    value = yaml12.parse(f"key: {written}\n", "x.yaml").value["key"]
    assert value == meant and type(value) is type(meant)


def test_a_fault_is_named_with_file_line_and_column() -> None:
    marked = yaml12.parse("a: 1\nb:\n  - x\n  - {c: 2}\n", "x.yaml")
    assert marked.mark(("b", 1, "c")) == "x.yaml:4:6"
    assert marked.mark(("b", 7, "nothing there")) == "x.yaml:2:1"


@pytest.mark.parametrize("text", ["a: 1\na: 2", "a: [1", "? [a]\n: 1", "a: *x", "a: !!python/object:os.system x"])
def test_what_is_no_plain_tree_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(ConfigError, match=r"x\.yaml:\d+:\d+: "):
        yaml12.parse(text, "x.yaml")


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_a_nesting_too_deep_to_read_is_refused_and_kills_nothing(opening: str) -> None:
    with pytest.raises(ConfigError, match=r"x\.yaml"):
        yaml12.parse(opening * 100_000, "x.yaml")


@given(st.text(alphabet="ab:  \n\n--'\"#&*!|>%@`{}[],?\t1.~é中\ufeff\x85\u2028", max_size=24))
def test_the_fast_parser_reads_what_the_reference_parser_reads(text: str) -> None:
    def plain(node: yaml.Node | None) -> object:
        if node is None or isinstance(node, yaml.ScalarNode):
            return node and (node.tag, node.value, bool(node.style), node.start_mark.line, node.start_mark.column)
        pairs = [part for item in node.value for part in (item if isinstance(item, tuple) else (item,))]
        return node.tag, node.start_mark.line, node.start_mark.column, [plain(part) for part in pairs]

    try:
        expected = plain(yaml.compose(text, Loader=yaml.SafeLoader))
    except yaml.YAMLError:
        with pytest.raises(yaml.YAMLError):
            yaml12._composed(text)
        return
    assert plain(yaml12._composed(text)) == expected


def test_aliases_that_multiply_beyond_memory_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    with pytest.raises(ConfigError, match="aliases"):
        yaml12.parse("\n".join(lines), "bomb.yaml")


TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(min_size=1), inner, max_size=4),
    max_leaves=12,
)


@given(TREES)
def test_what_is_written_reads_back_equal(tree: object) -> None:
    assert yaml12.parse(yaml12.dump({"key": tree}), "x.yaml").value == {"key": tree}
