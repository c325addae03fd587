"""SMALL CELLS: what must be hidden so that nothing can be worked back."""

from survey.disclosure.suppression import suppress

__all__ = ["suppress"]
