"""A report as a deck whose charts can be edited, on the firm's own master where one is given."""

from survey.render.slides.deck import fill_deck
from survey.render.slides.master import check_template

__all__ = ["check_template", "fill_deck"]
