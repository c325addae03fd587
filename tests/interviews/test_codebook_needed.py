"""An export under no codebook is told once, and how to come by one."""

import survey
from tests.helpers import told

EXPORT = "id,document,tag,content\n" + "".join(f"{n},P{n % 7}.txt,tag {n % 40},words\n" for n in range(400))


def test_an_export_under_no_codebook_says_so_once(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(EXPORT, encoding="utf-8")
    for set_aside in (False, True):
        (problem,) = told(lambda aside=set_aside: survey.read_segments(path, set_aside=aside))
        assert problem.key == "codebook_needed"
        for lang in ("en", "zh"):
            assert "--codebook" in problem.text(lang)
            assert "interviews codebook" in problem.text(lang)
            assert "40" in problem.text(lang)
    assert survey.read_segments(path, survey.read_codes(path)).data["segment"].nunique() == 400


def test_a_few_slips_in_a_file_under_our_codebook_are_told_one_by_one(tmp_path):
    codes = survey.load_codebook("interview-codebook").code_ids[:6]
    rows = "".join(f"P{n},{code},words\n" for n, code in enumerate([*codes, "slip", "slipp", "slippp", "s"]))
    path = tmp_path / "ours.csv"
    path.write_text("participant,code,gist\n" + rows, encoding="utf-8")
    assert [problem.key for problem in told(lambda: survey.read_segments(path))] == ["code_unknown"] * 4
