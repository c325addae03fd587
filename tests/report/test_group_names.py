"""Of which groups a sentence of the summary is, where a report has several banners or no noun for a group."""

import pandas as pd
import pytest
import yaml

import survey
from survey.instrument import load_instrument

SHAPE = """
kind: survey
id: shop
version: "1.0.0"
languages: [en, zh]
title: {en: "Shops", zh: "商店调查"}
questions:
  - {id: sector, kind: single, short: {en: Sector, zh: 行业}, text: {en: "Which sector?", zh: "哪个行业？"},
     options: [{id: ind, label: {en: Industry, zh: 工业}}, {id: srv, label: {en: Services, zh: 服务业}}]}
  - {id: models, kind: multiple, short: {en: Models, zh: 模式}, text: {en: "Which models?", zh: "哪些模式？"},
     options: [{id: lic, label: {en: Licensing, zh: 许可}}, {id: own, label: {en: Own, zh: 自主}}]}
  - {id: needs, kind: multiple, short: {en: Needs, zh: 需求}, text: {en: "Which needs?", zh: "哪些需求？"},
     options: [{id: law, label: {en: Law, zh: 法律}}, {id: cash, label: {en: Cash, zh: 资金}}]}
"""


def answers(tmp_path, rows=60, nouns=False):
    """Law goes with Licensing, Cash with Own, neither with a sector; some hold both models, some none."""
    shape = yaml.safe_load(SHAPE)
    if nouns:
        shape["questions"][0]["group"] = {"en": "sector", "zh": "行业"}
        shape["questions"][1]["group"] = {"en": "model", "zh": "模式"}
    path = tmp_path / "shop.yaml"
    path.write_text(yaml.safe_dump(shape, allow_unicode=True), encoding="utf-8")
    data = [
        {
            "sector": ("ind", "srv")[at % 2],
            "models__lic": at // 2 % 2,
            "models__own": at // 4 % 2,
            "needs__law": at // 2 % 2,
            "needs__cash": at // 4 % 2,
        }
        for at in range(rows)
    ]
    return survey.from_frame(pd.DataFrame(data), load_instrument(path))


@pytest.mark.parametrize(
    ("lang", "lines"),
    [
        (
            "en",
            [
                "Cash is more common in Own: 100%, against 0% of all others. "
                "1 more difference by Models is reliable.",
                "No group of Sector differs reliably from all others; 2 questions were compared.",
            ],
        ),
        (
            "zh",
            [
                "“自主”中“资金”占100%，显著高于其他受访者的0%。按模式另有1处差异显著。",
                "2道题中，行业各组差异均不显著。",
            ],
        ),
    ],
)
@pytest.mark.parametrize("banners", [["models", "sector"], ["sector", "models"]])
def test_each_sentence_names_its_banner_and_a_difference_goes_first(tmp_path, banners, lang, lines):
    report = survey.analyze(answers(tmp_path), banner=banners, lang=lang)
    findings = [str(line) for line in report.sheets[0].findings]
    assert [line for line in findings if line in lines] == lines, findings
    assert "Needs" in report.sheets[0].title or "需求" in report.sheets[0].title
    name, title = {
        "en": ("By Sector", "No group of Sector differs reliably from all others"),
        "zh": ("按行业", "行业各组差异均不显著"),
    }[lang]
    assert report.sheet(name).title == title


def test_a_noun_of_the_schema_stands_as_it_is(tmp_path):
    report = survey.analyze(answers(tmp_path, nouns=True), banner=["sector", "models"])
    lines = [str(line) for line in report.sheets[0].findings]
    assert any(line.endswith("1 more difference by model is reliable.") for line in lines), lines
    assert "No sector differs reliably from all others; 2 questions were compared." in lines
    chinese = survey.analyze(answers(tmp_path, nouns=True), banner=["sector"], lang="zh")
    assert chinese.sheet("按行业").title == "各行业差异均不显著"


def test_where_nothing_can_be_compared_the_banner_is_named_too(tmp_path):
    report = survey.analyze(answers(tmp_path, rows=12), banner=["sector"])
    assert (
        report.sheet("By Sector").title == "Too few answered to compare each group of Sector with all others"
    )
