"""What can happen to what people told us. No event holds anybody's own words or name."""

from shield.kernel.history.events import register

ACTIVITY_RECORDED = register("voice.activity_recorded", "recorded the feedback activity {title}")
ACTIVITY_CORRECTED = register("voice.activity_corrected", "corrected {title} ({changes})")
POINT_ADDED = register("voice.point_added", "recorded a point that was made")
POINT_CORRECTED = register("voice.point_corrected", "corrected a point that was made ({fields})")
POINT_MADE_FINDING = register("voice.point_made_finding", "made a finding of a point that was made")
POINT_ANSWERED = register("voice.point_answered", "said what came of a point that was made")
POINT_LED_TO = register("voice.point_led_to", "named what came of a point")
POINT_DECLINED = register("voice.point_declined", "said why nothing can be done about a point: {reason}")
POINT_REOPENED = register("voice.point_reopened", "opened a point again: {reason}")
POINT_TOLD = register("voice.point_told", "noted that those who made a point were told what came of it")
POINT_PUBLISHED = register("voice.point_published", "marked a point for “You said, we did”: {published}")
QUOTATION_RECORDED = register("voice.quotation_recorded", "recorded {title}")
CONSENT_RECORDED = register("voice.consent_recorded", "recorded the consent to {title}: {scope}")
CONSENT_WITHDRAWN = register("voice.consent_withdrawn", "took {title} out of use: consent was withdrawn")
SURVEY_DRAFTED = register("voice.survey_drafted", "drafted the survey {title}")
SURVEY_CHANGED = register("voice.survey_changed", "changed the survey {title} ({fields})")
SURVEY_OPENED = register("voice.survey_opened", "opened the survey {title}")
SURVEY_CLOSED = register("voice.survey_closed", "closed the survey {title}")
SURVEY_SUMMED_UP = register("voice.survey_summed_up", "summed up the survey {title}")
RESULTS_EXPORTED = register(
    "voice.results_exported", "exported the results of {title}. {rule} Withheld: {withheld}"
)
PROMISE_MADE = register("voice.promise_made", "put a promise about engagement on record")
PROMISE_REPORTED = register("voice.promise_reported", "reported on a promise about engagement")
MEMBER_JOINED = register("voice.member_joined", "added {title}")
MEMBER_LEFT = register("voice.member_left", "ended the membership of {title}")
