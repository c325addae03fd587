"""Questions as yes and no respondent by respondent: what counts are held against."""

import numpy as np
import pandas as pd


def ratings(responses, question):
    """One row per respondent, one float column per item of a battery (or option); nan for no answer."""
    values = {
        part.id: responses.data[column].to_numpy(dtype=float, na_value=np.nan)
        for part, column in zip(question.parts, question.answer_columns, strict=True)
    }
    return pd.DataFrame(values, index=responses.data.index)


def indicators(responses, question, top=None):
    """One row per respondent, one column per option or item: 1.0 for yes, 0.0 for no, nan for no answer."""
    if question.kind == "single":
        answers = responses.data[question.id]
        yes = {option.id: (answers.astype(str) == option.id).astype(float) for option in question.options}
        return pd.DataFrame(yes, index=answers.index).mask(answers.isna())
    values = ratings(responses, question)
    if question.kind == "rating":
        scale = responses.instrument.scale_of(question)
        values = (values >= scale.values[-(top or scale.top)]).astype(float).mask(values.isna())
    return values


def memberships(responses, banner, only=None):
    """One row per respondent, one column per group: 1.0 in it, 0.0 outside it, nan unknown."""
    inside = indicators(responses, banner)[[group.id for group in banner.groups]]
    in_group = inside.copy()
    for group in inside.columns if only else ():
        others = inside.drop(columns=group)
        another = (others == 1).any(axis=1)
        unknown = others.isna().any(axis=1) & ~another
        inner = (inside[group] == 1) & (~another if only == "exclusive" else another)
        in_group[group] = inner.astype(float).mask(inside[group].isna() | ((inside[group] == 1) & unknown))
    return in_group
