"""Days as quantities: counted from 1 January 1970, so that they have a middle and can be tallied."""

from typing import TYPE_CHECKING, Any

from survey.instrument import Question

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    Numbers = npt.NDArray[np.float64]

# The type of a column of days in `Responses.data`.
DATE = "datetime64[s]"


def quantities(answers: "pd.Series[Any]") -> "Numbers":
    """The numbers of a column, or the days of one of dates; nan where there is no answer."""
    import numpy as np

    if answers.dtype.kind == "M":
        return days_of(answers.to_numpy())
    numbers: npt.NDArray[np.float64] = answers.to_numpy(dtype=float, na_value=np.nan)
    return numbers


def days_of(moments: Any) -> "Numbers":
    """The days on which moments lie; nan where there is none."""
    import numpy as np

    days = np.asarray(moments).astype("datetime64[D]")
    return np.where(np.isnat(days), np.nan, days.astype(np.int64).astype(float))


def days_as_dates(numbers: "Numbers") -> Any:
    """Days as dates; fractions, which a middle of two may have, fall on the day they lie in."""
    import numpy as np

    gone = np.isnan(numbers)
    days = np.where(gone, 0, np.floor(numbers)).astype(np.int64).astype("datetime64[D]")
    return np.where(gone, np.datetime64("NaT", "s"), days.astype(DATE))


def day_limits(question: Question) -> tuple[float, float]:
    """The first and the last day that an answer may be."""
    import numpy as np

    limits = question.limits
    ends = (limits.earliest, limits.latest) if limits else (None, None)
    low, high = (None if end is None else float(np.datetime64(end, "D").astype(np.int64)) for end in ends)
    return (-np.inf if low is None else low), (np.inf if high is None else high)
