"""Whether the window shows the answer to what it was asked, and not one to what was asked before."""

from __future__ import annotations

from app.application import Application
from app.questions import Browse, Caption, DescribedAlike, Question


def is_at(app: Application, question: Question) -> bool:
    """Return whether a question is the one asked, and answered for good."""
    results = app.window.model.results
    answered = app.window.navigator._is_answered
    final = results is None if isinstance(question, Browse) else bool(results and results.reranked)
    return app.session.question == question and answered and (final or isinstance(question, DescribedAlike))


def is_found(app: Application, text: str) -> bool:
    """Return whether a text, filters included, is the one searched for, and found for good."""
    return is_at(app, Caption(text))
