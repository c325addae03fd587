"""Who is in a group: all of it, its own alone, or those in another one too."""

from typing import Any

from survey.errors import usage
from survey.instrument import Option, Question
from survey.messages import message


def check_only(only: str | None) -> None:
    """Refuse what groups cannot be limited to."""
    if only not in (None, "exclusive", "mixed"):
        raise usage("only_unknown", only=only, known="exclusive, mixed")


def members_of(banner: Question, members: Any, only: str | None = None) -> Any:
    """Patterns x groups, from patterns x options: 1.0 in it, 0.0 outside it, nan unknown.

    `only="exclusive"` counts those in no other group as inside, `"mixed"` those in another one too.
    """
    import numpy as np

    check_only(only)
    values = members[:, [banner.options.index(group) for group in banner.groups]]
    if only is None:
        return values
    in_group = np.empty_like(values)
    for place in range(len(banner.groups)):
        others = np.delete(values, place, axis=1)
        in_another = (others == 1).any(axis=1)
        unknown = np.isnan(others).any(axis=1) & ~in_another
        own = values[:, place]
        is_in = (own == 1) & (~in_another if only == "exclusive" else in_another)
        in_group[:, place] = np.where(np.isnan(own) | ((own == 1) & unknown), np.nan, is_in.astype(float))
    return in_group


def group_label(group: Option, only: str | None, lang: str) -> str:
    """The label of a group, with what `only` makes of it."""
    return message(f"group_{only}", lang, group=group.said(lang)) if only else group.said(lang)
