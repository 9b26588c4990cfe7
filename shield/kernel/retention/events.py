"""What can happen to the schedule, to holds, to disposals and to requests. No sentence names a child or who asks."""

from shield.kernel.history.events import register

PERIOD_SET = register("retention.period_set", "set the period of {title} from {before} to {after}: {reason}")
HOLD_PLACED = register(
    "retention.hold_placed", "placed the legal hold {title}, asked for by {asked_by}: {reason}"
)
HOLD_ENDED = register("retention.hold_ended", "ended the legal hold {title}: {reason}")
KEPT_LONGER = register(
    "retention.kept_longer", "reviewed {count} due records ({kind}) and keeps them until {until}: {reason}"
)
PROPOSED = register(
    "retention.disposal_proposed", "proposed the disposal {title} of {count} records ({kind}): {reason}"
)
CONFIRMED = register("retention.disposal_confirmed", "confirmed the disposal {title}")
WITHDRAWN = register("retention.disposal_withdrawn", "withdrew the disposal {title}: {reason}")
DISPOSED = register(
    "retention.disposed", "disposed of {count} records ({kind}) under {title}; fingerprint {digest}"
)
FINISHED = register(
    "retention.disposal_finished", "finished the disposal {title}: {gone} disposed of, {kept} kept"
)
REQUEST_OPENED = register(
    "retention.request_opened", "opened the subject access request {title}, to be answered by {due}"
)
REQUEST_EXTENDED = register(
    "retention.request_extended", "extended the subject access request {title} to {due}: {reason}"
)
REQUEST_TAKEN_OVER = register(
    "retention.request_taken_over", "took over the subject access request {title}: {reason}"
)
REQUEST_GATHERED = register(
    "retention.request_gathered", "gathered {count} items for the subject access request {title}"
)
REQUEST_GATHER_AGAIN = register(
    "retention.request_gather_again", "asked to gather the subject access request {title} anew"
)
ITEM_REVIEWED = register(
    "retention.item_reviewed", "reviewed item {number} of the subject access request {title}: {decision}"
)
REQUEST_REVIEWED = register(
    "retention.request_reviewed", "finished the review of the subject access request {title}"
)
REQUEST_REOPENED = register(
    "retention.request_reopened", "took the subject access request {title} back into review: {reason}"
)
REQUEST_RELEASED = register(
    "retention.request_released",
    "released the answer to the subject access request {title}; fingerprint {digest}",
)
REQUEST_DOWNLOADED = register(
    "retention.request_downloaded", "downloaded the answer to the subject access request {title} ({format})"
)
REQUEST_CLOSED = register(
    "retention.request_closed", "closed the subject access request {title} without an answer: {reason}"
)
