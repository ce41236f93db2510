"""Why something is as it is, in words."""

from __future__ import annotations

import kundenwert as kw
from kundenwert import codes

__all__ = ["chosen_why", "outcome_in_words", "value_why"]


def outcome_in_words(model: kw.Model) -> str:
    """How a fit ended, with its detail."""
    outcome = model.outcome or ""
    meaning = codes.outcomes[outcome].meaning if outcome in codes.outcomes else outcome
    return f"{meaning} ({model.detail})" if model.detail else meaning


def chosen_why(seen: kw.Overview) -> str:
    """Why a model of purchases is used, or why none can be."""
    best = seen.chosen
    if best is None:
        return "none converged" if seen.models else "there are no purchases"
    converged = [model for model in seen.models if model.outcome == "converged"]
    others = [model for model in converged if model is not best]
    if not others:
        return "the only model that converged" if len(seen.models) > 1 else "the only model"
    second = min(others, key=lambda model: model.aic or 0.0)
    if second.aic == best.aic:
        return f"its AIC equals that of {second.title}; the first of the list is taken"
    why = f"lowest AIC of {len(converged)} models that converged"
    if len(best.params) == len(second.params):
        why += ", which is the highest log-likelihood as they have equally many parameters"
    return why


def value_why(seen: kw.Overview) -> str:
    """Why there are no values; empty where there are."""
    head = seen.headline
    if head.valued_by_contract or head.valued_by_purchases:
        return ""
    if head.revenue is None:
        return "there are no amounts"
    if head.current == 0:
        return "nobody is a customer"
    if seen.chosen is None:
        return f"no model of purchases can be used: {chosen_why(seen)}"
    if seen.spend is None or seen.spend.outcome != "converged":
        how = "there is no spend to estimate it from" if seen.spend is None else outcome_in_words(seen.spend)
        return f"the model of spend could not be estimated: {how}"
    return "no customer has what a value needs"
