"""What can happen to a yearly report."""

from shield.kernel.history.events import register

REPORT_OPENED = register("annual_report.opened", "opened {title}")
NARRATIVE_WRITTEN = register("annual_report.narrative_written", "wrote the section “{section}” of {title}")
NUMBER_CONFIRMED = register(
    "annual_report.number_confirmed", "confirmed the typed number {number} in “{section}”: {reason}"
)
ITEM_EXCUSED = register("annual_report.item_excused", "said that “{item}” does not apply: {reason}")
BUILD_ASKED = register("annual_report.build_asked", "asked for {title} to be built")
BUILT = register("annual_report.built", "built {title}: {pages}")
ISSUED = register("annual_report.issued", "issued {title}")
PUBLISHED = register("annual_report.published", "published {title}")
WITHDRAWN = register("annual_report.withdrawn", "withdrew {title}: {reason}")
COPIES_SENT = register("annual_report.copies_sent", "recorded that copies of {title} were sent")
