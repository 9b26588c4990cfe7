"""What may be done with chronologies. All but contributing hold only for whoever is in the chronology's team."""

from shield.kernel.access.rules import declare

READ = declare("chronologies.read", "Read the chronologies of your teams", shows_children=True)
OPEN = declare("chronologies.open", "Start a chronology and ask agencies for theirs", shows_children=True)
EDIT = declare(
    "chronologies.edit", "Accept contributions, mark and compare what they tell", shows_children=True
)
CONTRIBUTE = declare(
    "chronologies.contribute", "Hand in what your own agency did and when", shows_children=True
)
EXPORT_NAMES = declare(
    "chronologies.export_names", "Take a chronology out of Shield with names in it", shows_children=True
)
