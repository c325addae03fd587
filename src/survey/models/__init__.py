"""MODELS: which groups need what, with the other groups held: logistic models, bundles, how sure they are."""

from survey.models.needs import model_needs

__all__ = ["model_needs"]
