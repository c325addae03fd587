"""The schemas of the qualitative half: an interview guide and a codebook."""

from typing import Literal

from survey.instrument.schema import Schema


class InterviewGuide(Schema):
    """PLACEHOLDER until the models are written."""

    kind: Literal["interview-guide"]


class InterviewCodebook(Schema):
    """PLACEHOLDER until the models are written."""

    kind: Literal["interview-codebook"]
