"""Coded data handed on: read back by pyreadstat, pandas and frictionless, and by PSPP itself."""

import json
import shutil
import subprocess

import pandas as pd
import pytest
from click.testing import CliRunner

import survey
from survey.cli import main
from tests.paths import EXAMPLES, SAMPLE
from tests.statistics.test_pairs import made_survey

EVERYTHING = EXAMPLES / "everything.yaml"


@pytest.fixture(scope="module")
def sample():
    return survey.read_responses(SAMPLE)


@pytest.fixture(scope="module")
def odd():
    """Every kind of answer and of missing; a number where missing codes usually are."""
    frame = pd.DataFrame(
        {
            "visit": ["other", "regular", None, "(skipped)", "first"],
            "visit__other__text": ["=cmd()", None, None, None, None],
            "rooms__coins": [1, 0, None, "(refused)", 1],
            "rooms__none": [0, 1, None, "(refused)", 0],
            "enjoyment__light": [7, None, 1, 2, "(refused)"],
            "habits__theatre": [0, 1, 2, "(not asked)", None],
            "minutes": [45, 0, 600, "(skipped)", None],
            "spent": [1.5, None, 2, 0, None],
            "remark": ["None", "NA", "一\n二", None, 'a,b "c"'],
        },
        dtype=object,
    )
    return survey.from_frame(frame, EVERYTHING)


@pytest.mark.parametrize("which", ["sample", "odd"])
def test_spss_has_codes_labels_and_missing(which, request, tmp_path):
    import pyreadstat

    responses = request.getfixturevalue(which)
    path, syntax = survey.export_responses(responses, tmp_path / "data.sav")
    frame, meta = pyreadstat.read_sav(path, user_missing=True)
    schema = responses.instrument
    assert frame.columns.tolist() == ["respondent", *schema.columns]
    for question in schema.questions:
        for column in question.answer_columns:
            answers, kinds = responses.data[column].tolist(), responses.missing[column].tolist()
            labels = meta.variable_value_labels.get(column, {})
            for value, kind, coded in zip(answers, kinds, frame[column], strict=True):
                if question.kind == "text":
                    assert coded == ("" if kind else value)
                elif kind == "empty":
                    assert pd.isna(coded)
                elif kind:
                    assert (
                        labels[coded]
                        == {"skipped": "skipped", "not_asked": "not asked", "refused": "refused"}[kind]
                    )
                    assert any(low["lo"] <= coded <= low["hi"] for low in meta.missing_ranges[column])
                elif question.kind == "single":
                    assert labels[coded] == question.part(value).said("en")
                else:
                    assert coded == float(value)
    plain, _ = pyreadstat.read_sav(path)
    for column in schema.columns:
        if schema.question(column.split("__")[0]).kind != "text" and not column.endswith("__text"):
            assert plain[column].notna().sum() == responses.data[column].notna().sum()
    sets = syntax.read_text(encoding="utf-8")
    for question in schema.questions:
        assert (f"NAME=${question.id} " in sets) == (question.kind == "multiple")


@pytest.mark.parametrize("which", ["sample", "odd"])
def test_parquet_comes_back_the_same(which, request, tmp_path):
    pytest.importorskip("pyarrow")
    responses = request.getfixturevalue(which)
    path, _ = survey.export_responses(responses, tmp_path / "data.parquet")
    frame = pd.read_parquet(path)
    for column in responses.data:
        ours, theirs = responses.data[column], frame[column]
        assert [None if pd.isna(v) else v for v in theirs] == [None if pd.isna(v) else v for v in ours]
        kinds = responses.missing[column].astype(str).tolist()
        assert frame.get(f"{column}__missing", pd.Series([""] * len(frame))).astype(str).tolist() == kinds


@pytest.mark.parametrize("which", ["sample", "odd"])
def test_csv_comes_back_by_its_table_schema(which, request, tmp_path):
    frictionless = pytest.importorskip("frictionless")
    responses = request.getfixturevalue(which)
    path, described = survey.export_responses(responses, tmp_path / "data.csv")
    schema = frictionless.Schema.from_descriptor(json.loads(described.read_text(encoding="utf-8")))
    with frictionless.system.use_context(trusted=True):
        resource = frictionless.Resource(path=str(path), schema=schema, encoding="utf-8-sig")
        report = resource.validate()
        assert report.valid, report.flatten(["rowNumber", "fieldName", "note"])
        rows = resource.read_rows()
    for column in responses.instrument.columns:
        ours = [None if pd.isna(value) else value for value in responses.data[column]]
        theirs = [row[column] for row in rows]
        if column.endswith("__text"):
            theirs = [value.removeprefix("'") if value else value for value in theirs]
        assert [float(v) if hasattr(v, "as_tuple") else v for v in theirs] == ours, column


def test_pspp_prints_the_same_shares(sample, tmp_path):
    program = shutil.which("pspp")
    if program is None:
        pytest.skip("PSPP is not installed")
    _, syntax = survey.export_responses(sample, tmp_path / "data.sav")
    names = [f"support_needs__{option.id}" for option in sample.instrument.question("support_needs").options]
    names += ["firm_type", "challenges__geopolitics"]
    text = (
        syntax.read_text(encoding="utf-8")
        + f"SET DECIMAL=DOT.\nFREQUENCIES {' '.join(names)} /STATISTICS=NONE.\n"
    )
    (tmp_path / "run.sps").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [program, "-O", "format=csv", "run.sps"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=900,
        check=True,
    )
    assert "error" not in done.stdout.lower()
    assert "$support_needs" in done.stdout
    tables = done.stdout.split("Table: ")
    needs = survey.frequencies(sample, "support_needs").set_index("code")
    for option in sample.instrument.question("support_needs").options:
        table = next(
            t
            for t in tables
            if t.startswith(f"Needs: {option.label['en']}") or t.startswith(f'"Needs: {option.label["en"]}')
        )
        line = next(line for line in table.splitlines() if "chosen," in line and "not chosen" not in line)
        count, share = line.split("chosen,")[1].split(",")[:2]
        assert int(count) == needs.loc[option.id, "n"]
        assert float(share.strip("%")) == pytest.approx(100 * needs.loc[option.id, "proportion"], abs=0.051)


def test_reconstructed_data_say_so_wherever_they_go(sample, tmp_path):
    import pyreadstat

    path, _ = survey.export_responses(sample, tmp_path / "data.sav")
    _, meta = pyreadstat.read_sav(path)
    assert "reconstruct" in " ".join(meta.notes).lower()
    assert sample.instrument.content_hash in "".join(meta.notes).replace(" ", "")
    _, described = survey.export_responses(sample, tmp_path / "data.csv")
    told = json.loads(described.read_text(encoding="utf-8"))
    assert "reconstruct" in told["description"].lower()
    assert told["content_hash"] == sample.instrument.content_hash


@pytest.mark.parametrize("form", ["sav", "csv", "parquet"])
def test_the_command(form, tmp_path):
    target = tmp_path / f"x.{form}"
    done = CliRunner().invoke(main, ["export", str(SAMPLE), "--to", form, "-o", str(target)])
    assert done.exit_code == 0, done.output
    assert target.is_file()
    for wrong in ("x.txt", "x.xlsx"):
        done = CliRunner().invoke(main, ["export", str(SAMPLE), "--to", form, "-o", str(tmp_path / wrong)])
        assert done.exit_code == 2
        assert not (tmp_path / wrong).exists()


def test_names_in_spss_are_short_enough_and_told_apart():
    from survey.export.coded_data import _sav_name

    taken: set[str] = set()
    names = [_sav_name("q" * 70 + end, taken) for end in ("a", "b", "c")]
    assert len(set(names)) == 3
    assert max(map(len, names)) <= 64


def test_r_reads_data_labels_and_kinds_of_missing(tmp_path):
    frame = pd.DataFrame(
        {
            "firm_type": ["biotech", "big_pharma", "(refused)"],
            "challenges__geopolitics": [5, "(skipped)", 2],
            "support_needs__cro_matching": [1, 0, ""],
        }
    )
    responses = survey.from_frame(frame, "executive-survey@1.0.0")
    script, *others = survey.export_responses(responses, tmp_path / "wave.R")
    assert [path.name for path in others] == ["wave.csv", "wave.schema.json", "wave.labels.csv"]
    code = (
        f'source("{script.name}", encoding = "UTF-8")\n'
        "stopifnot(is.ordered(responses$challenges__geopolitics), is.factor(responses$firm_type))\n"
        "cat(as.character(responses$firm_type), as.integer(responses$challenges__geopolitics), "
        "responses$support_needs__cro_matching, missing$firm_type, "
        'attr(responses$firm_type, "label"), sep = "|")'
    )
    import shutil
    import subprocess

    if shutil.which("Rscript") is None:
        pytest.skip("R is not here")
    told = subprocess.run(
        ["Rscript", "-e", code], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    assert told.split("|")[:3] == ["Biotech", "Large pharmaceutical company", "NA"]
    assert told.split("|")[3:9] == ["5", "NA", "2", "TRUE", "FALSE", "NA"]
    assert told.split("|")[9:11] == ["NA", "NA"]
    assert told.split("|")[11] == "(refused)"
    assert told.split("|")[12]


def test_single_questions_whose_options_are_steps_are_ordered_in_r(tmp_path):
    """As a trend of `association` takes them: all options keep their places, none is exclusive."""
    import shutil
    import subprocess

    answers = pd.DataFrame({"size": ["large", "small", "medium"], "stage": ["begun", "ended", "planned"]})
    for fixed in (True, False):
        folder = tmp_path / str(fixed)
        folder.mkdir()
        made = survey.from_frame(answers, made_survey(fixed=fixed))
        assert made.instrument.question("size").has_steps is fixed
        assert not made.instrument.question("channels").has_steps
        script, *_ = survey.export_responses(made, folder / "wave.R")
        if shutil.which("Rscript") is None:
            pytest.skip("R is not here")
        code = (
            f'source("{script.name}", encoding = "UTF-8"); x <- responses$size\n'
            'cat(is.ordered(x), levels(x), if (is.ordered(x)) x < "large" else is.factor(x), sep = "|")'
        )
        command = ["Rscript", "-e", code]
        printed = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
        levels = ["small", "medium", "large"]
        expected = ["TRUE", *levels, "FALSE", "TRUE", "TRUE"] if fixed else ["FALSE", *levels, "TRUE"]
        assert printed.split("|") == expected


# -- points that rate nothing, half points -----------------------------------------------------------------


@pytest.fixture
def shop():
    frame = pd.DataFrame(
        {
            "service__fast": [5, 98, 99, 1, None],
            "service__late": [1, 2, 3, "Don't know", "(refused)"],
            "quality__goods": [1, 1.5, 2, 2.5, 3],
        },
        dtype=object,
    )
    return survey.from_frame(frame, EXAMPLES / "shop.yaml")


def test_spss_takes_points_that_rate_nothing_for_missing_and_they_come_back(shop, tmp_path):
    import pyreadstat

    path, _ = survey.export_responses(shop, tmp_path / "shop.sav")
    rated, meta = pyreadstat.read_sav(path)
    assert rated["service__fast"].dropna().tolist() == [5, 1]
    assert meta.variable_value_labels["service__late"][99] == "Don't know"
    whole, _ = pyreadstat.read_sav(path, user_missing=True)
    assert whole["quality__goods"].tolist() == [1, 1.5, 2, 2.5, 3]
    back = survey.read_responses(path, shop.instrument)
    for name in ("service__fast", "service__late", "quality__goods"):
        assert back.data[name].tolist() == shop.data[name].tolist() or back.data[name].equals(shop.data[name])
        assert back.missing[name].tolist() == shop.missing[name].tolist()


@pytest.mark.parametrize("value", [-1, 99])
def test_one_or_several_such_points_wherever_their_codes_are(value, tmp_path):
    import pyreadstat

    text = (
        (EXAMPLES / "shop.yaml").read_text(encoding="utf-8").replace("{value: 98,", f"{{value: {value * 2},")
    )
    text = text.replace("{value: 99,", f"{{value: {value},")
    (tmp_path / "shop.yaml").write_text(text, encoding="utf-8")
    frame = pd.DataFrame({"service__fast": [5, value, value * 2, 1, "(refused)"]}, dtype=object)
    responses = survey.from_frame(frame, tmp_path / "shop.yaml")
    path, _ = survey.export_responses(responses, tmp_path / "shop.sav")
    rated, _ = pyreadstat.read_sav(path)
    assert rated["service__fast"].dropna().tolist() == [5, 1]
    back = survey.read_responses(path, tmp_path / "shop.yaml")
    assert back.data["service__fast"].tolist()[:4] == [5, value, value * 2, 1]
    assert back.missing["service__fast"].tolist()[4] == "refused"


def test_the_other_forms_keep_them_too(shop, tmp_path):
    data, described = survey.export_responses(shop, tmp_path / "shop.csv")
    lines = data.read_text(encoding="utf-8-sig").splitlines()
    place = lines[0].split(",").index("quality__goods")
    assert [line.split(",")[place] for line in lines[1:]] == ["1", "1.5", "2", "2.5", "3"]
    fields = {field["name"]: field for field in json.loads(described.read_text())["fields"]}
    assert fields["quality__goods"]["type"] == "number"
    assert fields["quality__goods"]["constraints"]["enum"] == [1, 1.5, 2, 2.5, 3]
    assert fields["service__fast"]["constraints"]["enum"][-2:] == [98, 99]
    dictionary = survey.data_dictionary(shop.instrument).set_index("column")
    assert "99=Don't know (rates nothing)" in dictionary.loc["service__fast", "values"]
    assert dictionary.loc["service__late", "label"].endswith("(reversed)")
    script, *_ = survey.export_responses(shop, tmp_path / "shop.R")
    if shutil.which("Rscript") is None:
        pytest.skip("needs R")
    code = f'source("{script.name}", encoding = "UTF-8"); cat(is.ordered(responses[["quality__goods"]]), '
    code += 'is.ordered(responses[["service__fast"]]), sum(!is.na(responses[["quality__goods"]])))'
    made = subprocess.run(["Rscript", "-e", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert made.stdout.split() == ["TRUE", "FALSE", "5"]
