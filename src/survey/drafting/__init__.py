"""DRAFTING: a file of responses, or a definition of another tool, becomes an instrument to edit."""

from survey.drafting.draft import Draft, draft_instrument

__all__ = ["Draft", "draft_instrument"]
