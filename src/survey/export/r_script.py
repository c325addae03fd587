"""Coded responses for R: data and labels as text, and a script in base R that puts them together."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

from survey.export.data_dictionary import cells_of, codes_of, columns_of, label_of, unrated_codes
from survey.files.guarded_text import guarded
from survey.files.saving import Target, text_writer
from survey.ingest.cell_values import MISSING_WORDS
from survey.ingest.column_targets import META_HEADERS, WEIGHT
from survey.ingest.responses import Responses
from survey.messages import message

_SCRIPT = """# {reference}
{warning}# Run from the folder of this file: source("{script}", encoding = "UTF-8"). Base R, no packages.
# It makes `responses`: single questions as factors (ordered where the options are steps), ratings as ordered
# factors (as plain ones where a point rates nothing, such as "don't know"), options of select-all questions
# as TRUE and FALSE, numbers (ranks too), dates, texts; attr(x, "label") holds the label. `missing` holds the
# kind of each missing answer.
text <- function(path) {{
  cells <- read.csv(path, encoding = "UTF-8", colClasses = "character", check.names = FALSE, na.strings = "")
  names(cells)[1] <- sub("^[^a-z]+", "", names(cells)[1], useBytes = TRUE)  # the mark of UTF-8
  led <- "^'(?='*([\\\\t\\\\r\\\\n]|\\\\s*[=+@\\uff1d\\uff0b\\uff0d\\uff20-]))"  # a formula
  cells[] <- lapply(cells, function(x) sub(led, "", x, perl = TRUE))
  cells
}}
raw <- text("{data}")
labels <- text("{labels}")
words <- c({words})
missing <- as.data.frame(lapply(raw, function(x) ifelse(x %in% words, x, NA)), check.names = FALSE)
responses <- raw
for (name in setdiff(names(raw), c("respondent"{others}))) {{
  rows <- labels[labels$column == name, ]
  x <- replace(raw[[name]], raw[[name]] %in% words, NA)
  cells <- rows$cells[1]
  if (cells %in% c("option", "step", "point")) {{
    steps <- cells != "option" && all(rows$rates == "1")
    x <- factor(x, levels = rows$code, labels = make.unique(rows$code_label), ordered = steps)
  }} else if (cells == "tick") {{
    x <- x == "1"
  }} else if (cells == "number") {{
    x <- as.numeric(x)
  }} else if (cells == "date") {{
    x <- as.Date(x)
  }}
  attr(x, "label") <- rows$label[1]
  responses[[name]] <- x
}}
rm(raw, rows, x, cells, name, words, text)
"""

_DESIGN = """
# -- the sampling design, for R's survey package (install.packages("survey")) ------------------------------
# Weights alone are declared. Where respondents were drawn by strata, in clusters or with replicate weights,
# name their columns: standard errors of `survey` (the program that wrote this) do not know of them. As they
# answer no question they are not among the data: merge them from your own file by `respondent`.
responses${weight} <- as.numeric(as.character(responses${weight}))
if (requireNamespace("survey", quietly = TRUE)) {{
  design <- survey::svydesign(ids = ~1, weights = ~{weight}, data = responses)
  # design <- survey::svydesign(ids = ~CLUSTER, strata = ~STRATUM, weights = ~{weight}, fpc = ~SIZE,
  #                             data = responses, nest = TRUE)
  # design <- survey::svrepdesign(weights = ~{weight}, repweights = "REPLICATE[0-9]+", type = "JKn",
  #                               data = responses)
}}
"""


def weight_name(responses: Responses) -> str:
    """What the column of weights is called in coded data: no question is."""
    return next(name for name in META_HEADERS[WEIGHT] if name not in responses.data.columns)


def write_r(
    responses: Responses, path: Path, lang: str, write_csv: Callable[[Responses, Path, str], list[Target]]
) -> list[Target]:
    """What writes the script at `path`, and beside it the data (`.csv`, its schema) and the labels."""
    data, labels = path.with_suffix(".csv"), path.with_name(f"{path.stem}.labels.csv")
    instrument = responses.instrument
    weight = weight_name(responses) if responses.weights is not None else ""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(("column", "label", "cells", "code", "code_label", "rates"))
    for question in instrument.stubs:
        for column, part in columns_of(question):
            cells: str = cells_of(question, column)
            if cells == "option" and question.has_steps:
                cells = "step"
            label = label_of(question, part, column, lang)
            codes = codes_of(instrument, question, column, lang) or {"": ""}
            if cells == "point" and not question.scale:
                cells, codes = "number", {"": ""}  # scores and ranks: numbers
            aside = unrated_codes(instrument, question, column)
            writer.writerows(
                (column, guarded(label), cells, code, guarded(named), int(code not in aside))
                for code, named in codes.items()
            )
    warning = f"# {message('reconstructed_warning')}\n" if responses.provenance.reconstructed else ""
    script = _SCRIPT.format(
        reference=f"{instrument.reference} SHA-256 {instrument.content_hash}",
        warning=warning,
        script=path.name,
        data=data.name,
        labels=labels.name,
        words=", ".join(f'"{word}"' for word in MISSING_WORDS.values()),
        others=f', "{weight}"' if weight else "",
    )
    script += _DESIGN.format(weight=weight) if weight else ""
    named = (labels, text_writer("\ufeff" + table.getvalue()))
    return [(path, text_writer(script)), *write_csv(responses, data, lang), named]
