"""SCHEMA: what was asked. Versioned instruments, their models and how they are loaded."""

from survey.instrument.loading import list_instruments, load_instrument, load_schema, read_schema
from survey.instrument.model import Instrument
from survey.instrument.option import Option
from survey.instrument.question import Question
from survey.instrument.scale import Scale
from survey.instrument.schema import Schema

__all__ = [
    "Instrument",
    "Option",
    "Question",
    "Scale",
    "Schema",
    "list_instruments",
    "load_instrument",
    "load_schema",
    "read_schema",
]
