"""What may be done with files."""

from shield.kernel.access.rules import declare

VIEW = declare("files.view", "Open files attached to records you may see")
ATTACH = declare("files.attach", "Attach files to records")
