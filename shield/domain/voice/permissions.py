"""What may be done with what people told us."""

from shield.kernel.access.rules import declare

VIEW = declare("voice.view", "See what children, families and practitioners said")
RECORD = declare("voice.record", "Record what people said, run surveys and tell people what came of it")
HEAR_HUB = declare("voice.hear_hub", "Read quotations given for the Learning Hub alone")
HEAR_BOARD = declare("voice.hear_board", "Read quotations given for the Board")
CIRCLE = declare("voice.circle", "See and keep the members of the Learning Circle")
