"""Files as strangers hand them over: each is drafted and read, or refused with what to do."""

import openpyxl
import pandas as pd
import pytest

import survey
from survey import DataError
from survey.files.formats import decoded

TWO = ("Red", "Blue")


def table(heads, row, rows=40, between=","):
    """A text table: `row` makes the cells of a row from its number."""
    lines = [heads, *(row(n) for n in range(rows))]
    return "".join(between.join(map(str, line)) + "\n" for line in lines)


def drafted(path):
    """Draft from a file and read it with the draft; kinds by header."""
    draft = survey.draft_instrument(path)
    responses = survey.read_responses(path, draft.instrument)
    return draft, responses, dict(zip(draft.guesses["column"], draft.guesses["kind"], strict=True))


READ = {
    "emoji": (table(["😀", "🚗 Car?"], lambda n: [n % 5 + 1, ("yes", "no")[n % 2]]), "single", "single"),
    "blank_columns": (table(["A", "", "B", ""], lambda n: [TWO[n % 2], "", n % 30, ""]), "single", "number"),
    "bom": ("\ufeff" + table(["Team", "Age"], lambda n: [TWO[n % 2], 20 + n]), "single", "number"),
    "semicolon": (table(["Team", "Age"], lambda n: [TWO[n % 2], 20 + n], between=";"), "single", "number"),
    "empty_column": (table(["Team", "Nothing"], lambda n: [TWO[n % 2], ""]), "single", "left_out"),
    "dates": (table(["When", "Team"], lambda n: [f"2026-01-{n % 28 + 1:02}", TWO[n % 2]]), "date", "single"),
    "long_numbers": (table(["Account", "Team"], lambda n: [10**17 + n * 701, TWO[n % 2]]), "key", "single"),
    "one_row_of_codes": ("Q1,Q2\n1,2\n", "single", "single"),
    "case": (
        table(["Ok?", "Team"], lambda n: [("Yes", " YES", "no")[n % 3], TWO[n % 2]]),
        "single",
        "single",
    ),
    "words_of_yaml": (table(["null", "on"], lambda n: [TWO[n % 2], 20 + n]), "single", "number"),
    "percent": (table(["Share", "Team"], lambda n: [f"{n}%", TWO[n % 2]]), "text", "single"),
    "decimal_comma": (
        table(["Pay", "Team"], lambda n: [f"{900 + n},5", TWO[n % 2]], between=";"),
        "text",
        "single",
    ),
    "units_few": (table(["Stay", "Team"], lambda n: [f"{n % 3 + 1} nights", TWO[n % 2]]), "single", "single"),
}


@pytest.mark.parametrize("name", READ)
def test_an_odd_file_is_drafted_and_read(tmp_path, name):
    text, *expected = READ[name]
    path = tmp_path / f"{name}.csv"
    path.write_text(text, encoding="utf-8")
    draft, responses, kinds = drafted(path)
    assert [kind for header, kind in kinds.items() if header] == expected
    assert len(responses) == text.count("\n") - 1
    (tmp_path / "again.yaml").write_text(draft.yaml, encoding="utf-8")
    assert survey.load_instrument(tmp_path / "again.yaml").content_hash == draft.instrument.content_hash


@pytest.mark.parametrize("name", ["percent", "decimal_comma"])
def test_numbers_in_disguise_are_the_first_doubt(tmp_path, name):
    path = tmp_path / "mine.csv"
    path.write_text(READ[name][0], encoding="utf-8")
    draft = survey.draft_instrument(path)
    assert "read like numbers" in draft.doubts[0]
    assert "1000.5" in draft.doubts[0]


@pytest.mark.parametrize(
    ("encoding", "heads", "words"),
    [
        ("gbk", ["部门", "年龄"], ["销售部", "研发部"]),
        ("gb18030", ["App下载", "年龄"], ["是", "否"]),
        ("cp1252", ["Ville", "Âge"], ["Orléans", "Besançon"]),
        ("cp1252", ["Stadt", "Größe"], ["Köln", "Zürich"]),
        ("utf-16", ["部门", "Âge"], ["销售", "Zürich"]),
    ],
)
def test_the_encoding_is_told_from_the_text(tmp_path, encoding, heads, words):
    text = table(heads, lambda n: [words[n % 2], 20 + n])
    assert decoded(text.encode(encoding)) == text
    (tmp_path / "mine.csv").write_bytes(text.encode(encoding))
    draft, _, _ = drafted(tmp_path / "mine.csv")
    assert draft.guesses["column"].tolist() == heads
    assert {
        option.said(draft.instrument.languages[0]) for option in draft.instrument.questions[0].options
    } == {*words}


def merged(path, heads, second, row):
    """A workbook with two rows of headers, the first of which spans columns."""
    book = openpyxl.Workbook()
    for cells in (heads, second, *(row(n) for n in range(30))):
        book.active.append(cells)
    book.active.merge_cells(start_row=1, start_column=2, end_row=1, end_column=4)
    book.save(path)
    return path


RATED = ("Satisfied", "Neutral", "Very satisfied")


@pytest.mark.parametrize(
    ("heads", "second", "row"),
    [
        (
            ["id", "How satisfied?", None, None],
            [None, "Pay", "Hours", "Boss"],
            lambda n: [n, *[RATED[n % 3]] * 3],
        ),
        (["id", *["Do you own?"] * 3], [None, "Car", "Bike", "Boat"], lambda n: [n, n % 2, n % 3 % 2, 0]),
    ],
)
def test_a_header_over_several_columns_is_refused_with_its_remedy(tmp_path, heads, second, row):
    path = merged(tmp_path / "mine.xlsx", heads, second, row)
    with pytest.raises(DataError, match=r"line 2: .*second row of headers .*\[Pay\]"):
        survey.draft_instrument(path)


def test_columns_without_a_header_are_no_second_header(tmp_path):
    rows = [["Red", "a remark", "x"], *[[TWO[n % 2], f"remark {n}", ("x", None)[n % 2]] for n in range(30)]]
    pd.DataFrame(rows, columns=["Team", None, None]).to_excel(tmp_path / "mine.xlsx", index=False)
    assert len(drafted(tmp_path / "mine.xlsx")[1]) == 31


@pytest.mark.parametrize("word", ["Total", "Grand total", "合计"])
def test_a_row_of_sums_is_no_respondent(tmp_path, word):
    path = tmp_path / "mine.csv"
    path.write_text(
        table(["Team", "Age"], lambda n: [TWO[n % 2], 20 + n]) + f"{word},1580\n", encoding="utf-8"
    )
    with pytest.raises(DataError, match=f"line 42: The last row looks like a sum .*{word}"):
        survey.draft_instrument(path)
    brands = table(["Brand", "Age"], lambda n: [("Shell", word)[n % 2], 20 + n])  # an answer as well
    path.write_text(brands, encoding="utf-8")
    assert len(drafted(path)[1]) == 40


def test_a_title_above_a_narrow_table_is_told(tmp_path):
    book = openpyxl.Workbook()
    for cells in (["Customer survey"], [], ["Team", "Age"], *([TWO[n % 2], 20 + n] for n in range(30))):
        book.active.append(cells)
    book.save(tmp_path / "mine.xlsx")
    with pytest.raises(DataError, match="Delete the rows above row 3"):
        survey.draft_instrument(tmp_path / "mine.xlsx")


def test_a_long_header_is_cut_in_comments_only(tmp_path):
    long = "Very long question " * 60
    path = tmp_path / "mine.csv"
    path.write_text(table([long, "Age"], lambda n: [TWO[n % 2], 20 + n]), encoding="utf-8")
    draft, _, _ = drafted(path)
    comments = [
        line for line in draft.yaml.split("# The columns")[0].splitlines() if line.lstrip().startswith("#")
    ]
    assert len(comments) < 11
    assert draft.instrument.questions[0].said("en") == long.strip()


def test_what_is_no_table_is_told(tmp_path):
    (tmp_path / "mine.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4)
    with pytest.raises(DataError, match="no table that can be read"):
        survey.draft_instrument(tmp_path / "mine.csv")
