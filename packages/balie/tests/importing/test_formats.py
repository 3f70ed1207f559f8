"""Telling rows apart: the same however the file is cut, and clear words where it can't be read."""

import csv
import io
import json
from itertools import chain, pairwise

import pytest
from balie.importing import Format, Unreadable
from balie.importing.formats import MOST_CHARACTERS
from balie_testing.library.importing import BookImporter
from hypothesis import given
from hypothesis import strategies as st

ROWS = BookImporter().rows


def read(data, format_, cuts=()):
    """Every record of a file that is fed in the pieces between ``cuts``, as (number, value, fault)."""
    reader = ROWS.reader(format_)
    data = data.encode() if isinstance(data, str) else data
    places = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    records = []
    for start, end in pairwise(places):
        records.extend(reader.feed(data[start:end]))
    records.extend(reader.finish())
    return [(record.number, record.value, record.fault) for record in records]


TEXT = st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=20)
CUTS = st.lists(st.integers(min_value=0, max_value=10_000), max_size=8)
# What a CSV reader passes over: a row of nothing.
TITLES = st.lists(TEXT.map(lambda text: f"x{text.strip()}"), min_size=1, max_size=8)


@given(titles=TITLES, cuts=CUTS, delimiter=st.sampled_from(",;\t"), end=st.sampled_from(["\n", "\r\n"]))
def test_a_csv_is_read_the_same_however_it_is_cut(titles, cuts, delimiter, end):
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, lineterminator=end)
    writer.writerow(["number", "copies", "title"])
    writer.writerows(["B-101", 1, title] for title in titles)
    records = read(written.getvalue(), Format.CSV, cuts)
    assert [value["title"] for _, value, _ in records] == [title.strip() for title in titles]
    assert [number for number, _, _ in records] == list(range(2, len(titles) + 2))


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=10,
)


@given(rows=st.lists(ANYTHING, max_size=8), cuts=CUTS, indent=st.sampled_from([None, 2]))
def test_an_array_is_read_the_same_however_it_is_cut(rows, cuts, indent):
    records = read(json.dumps(rows, indent=indent), Format.JSON, cuts)
    assert [json.loads(value) for _, value, _ in records] == rows
    assert [number for number, _, _ in records] == list(range(1, len(rows) + 1))


@given(rows=st.lists(ANYTHING, max_size=8), cuts=CUTS)
def test_json_lines_are_read_the_same_however_they_are_cut(rows, cuts):
    records = read("\n\n".join(json.dumps(row) for row in rows), Format.JSONL, cuts)
    assert [json.loads(value) for _, value, _ in records] == rows
    assert [number for number, _, _ in records] == [2 * at + 1 for at in range(len(rows))]


@given(data=st.binary(max_size=200), cuts=CUTS, format_=st.sampled_from(Format))
def test_nothing_else_than_unreadable_comes_of_any_bytes(data, cuts, format_):
    try:
        read(data, format_, cuts)
    except Unreadable:
        return


def test_a_byte_order_mark_is_no_part_of_the_first_column():
    ((_, value, _),) = read("\ufeffnumber,copies\nB-101,1\n", Format.CSV, cuts=(1, 2))
    assert value == {"number": "B-101", "copies": "1"}


def test_columns_of_an_object_and_what_their_cells_are():
    ((_, value, _),) = read(
        'number;copies;tags.pages;tags.year;tags.note\nB-101;1;412;"""1851""";;\n'.replace(";;", ";a, b"),
        Format.CSV,
    )
    assert value["tags"] == {"pages": 412, "year": "1851", "note": "a, b"}


def test_an_empty_cell_says_nothing():
    ((_, value, _),) = read("number,copies,title\nB-101,1, \n,,\n\n", Format.CSV)
    assert value == {"number": "B-101", "copies": "1"}


def test_a_faulty_row_does_not_stop_a_csv():
    records = read('number,copies\nB-101\n"B"-102,1\nB-103,3\n', Format.CSV)
    assert [(number, fault and fault.wrong[:15]) for number, _, fault in records] == [
        (2, "it has 1 cells"),
        (3, "a quoted cell g"),
        (4, None),
    ]


@pytest.mark.parametrize(
    ("content", "format_", "words"),
    [
        ("", Format.CSV, "nothing in the file"),
        ("number,copeis\n", Format.CSV, "'copeis' that nobody knows: did you mean copies?"),
        ("number,copies,copies\n", Format.CSV, "copies more than once"),
        ("number,tags,tags.year\n", Format.CSV, "both tags and tags.year"),
        ("number,copies.many\n", Format.CSV, "'copies.many' that nobody knows"),
        ('number,copies\n"B-101,1\nB-102,2\n', Format.CSV, "opened in row 2 is not closed"),
        ("", Format.JSON, "nothing in the file"),
        ('{"number": "B-101"}', Format.JSON, "does not begin with \\["),
        ("[{}, {}", Format.JSON, "The array does not end|Row 2"),
        ('[{"a": 1} {"a": 2}]', Format.JSON, "After row 1 comes '{'"),
        ('[{"a": 1}, {"a": tru}, {"a": 3}]', Format.JSON, "Row 2: it is no JSON"),
        ("[{}] []", Format.JSON, "something after the array's end"),
        ("[{}, ]", Format.JSON, "The array does not end|Row 2"),
        ("[" * 3000, Format.JSON, "nested too deeply|no JSON"),
        ("[1" + "0" * 5000 + "]]", Format.JSON, "something after"),
        (b'number,copies\nB-1\xff,1\n', Format.CSV, "not UTF-8"),
        (b"\xff\xfen\0u\0", Format.JSONL, "not UTF-8"),
    ],
)  # fmt: skip
def test_what_can_not_be_read_is_told(content, format_, words):
    with pytest.raises(Unreadable, match=words):
        read(content, format_)


@pytest.mark.parametrize(
    ("format_", "begin"), [(Format.CSV, 'number\n"'), (Format.JSON, '[{"a": "'), (Format.JSONL, '{"a": "')]
)
def test_a_row_without_an_end_is_not_gathered_for_ever(format_, begin):
    reader = ROWS.reader(format_)
    list(reader.feed(begin.encode()))
    pieces = [b"x" * 1000] * (2 * MOST_CHARACTERS // 1000)
    with pytest.raises(Unreadable, match="more than 65,536 characters"):
        list(chain.from_iterable(map(reader.feed, pieces)))
