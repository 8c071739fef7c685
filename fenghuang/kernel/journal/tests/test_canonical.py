import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from fenghuang.kernel.journal import canonical

texts = st.text(st.characters(exclude_categories=["Cs"])).map(canonical.nfc)
keys = st.text(st.characters(max_codepoint=127))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-canonical.LARGEST, canonical.LARGEST) | texts,
    lambda inner: st.lists(inner) | st.dictionaries(keys, inner),
)


@given(values)
def test_a_value_is_written_as_rfc_8785_says(value):
    assert canonical.encode(value).encode() == rfc8785.dumps(value)


@given(values)
def test_what_was_written_reads_back_the_same(value):
    assert canonical.decode(canonical.encode(value)) == value


def test_controls_quotes_and_backslashes_are_escaped_and_nothing_else():
    text = '"\\\b\f\n\r\t\x00\x1f\x7f/凤😀'

    assert canonical.encode(text) == '"\\"\\\\\\b\\f\\n\\r\\t\\u0000\\u001f\x7f/凤😀"'


@pytest.mark.parametrize(
    "value",
    [
        2**53,
        -(2**53),
        "e\u0301",  # é in two parts, not in normal form C
        "\ud800",
        {"é": 1},
        ["a", {"b": "e\u0301"}],
    ],
)
def test_a_value_that_two_programs_could_write_in_two_ways_is_refused(value):
    with pytest.raises(ValueError):
        canonical.encode(value)


@pytest.mark.parametrize("value", [1.0, float("nan"), b"a", {1, 2}, object()])
def test_floats_and_other_kinds_are_refused(value):
    with pytest.raises(TypeError):
        canonical.encode(value)


@pytest.mark.parametrize("text", ["1.0", "1e3", "NaN", "-Infinity", "{", "", "[" * 100_000])
def test_floats_and_what_is_no_json_do_not_read(text):
    with pytest.raises(ValueError):
        canonical.decode(text)


def test_normal_form_c_reaches_into_lists_and_objects():
    value = {"a": ["e\u0301", {"b": "e\u0301"}], "c": 1}

    assert canonical.nfc(value) == {"a": ["é", {"b": "é"}], "c": 1}
