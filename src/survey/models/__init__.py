"""MODELS: which groups need what, with the other groups held: logistic models, bundles, how sure they are."""

from survey.models.bundles import reach
from survey.models.common_effects import all_needs
from survey.models.needs import model_needs
from survey.models.sensitivity import response_rates, sensitivity

__all__ = ["all_needs", "model_needs", "reach", "response_rates", "sensitivity"]
