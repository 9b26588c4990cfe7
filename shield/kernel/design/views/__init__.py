"""Answers that pages share: a table or its file, and the page that shows every component in every state."""

from shield.kernel.design.views.showcase import components_context
from shield.kernel.design.views.tables import table_response

__all__ = ["components_context", "table_response"]
