"""COUNTS: responses, or a stream of batches, into a `Tally`: every count that a table needs, additive."""

from survey.counts.model import Tally
from survey.counts.tally_files import read_tally, write_tally
from survey.counts.tallying import tally

__all__ = ["Tally", "read_tally", "tally", "write_tally"]
