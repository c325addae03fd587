"""A report as one page of HTML that needs no other file and no network."""

from survey.render.page.html import fill_page

__all__ = ["fill_page"]
