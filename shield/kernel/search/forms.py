"""What is typed into the box of the search."""

from __future__ import annotations

from shield.kernel.design import forms
from shield.kernel.search.rules import TYPED_LIMIT


class SearchForm(forms.FilterForm):
    """The words to look for. Whatever is typed is read: nothing is an error."""

    q = forms.PlainTextField(
        label="What are you looking for?",
        required=False,
        max_length=TYPED_LIMIT,
        help_text="Titles and texts of everything you may see. Never type the name of a child: no child is found here.",
    )
