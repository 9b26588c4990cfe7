"""What may be done with the yearly report."""

from shield.kernel.access.rules import declare

VIEW = declare("annual_report.view", "See the yearly report in preparation")
WRITE = declare("annual_report.write", "Write the narrative of the report")
BUILD = declare("annual_report.build", "Build the report")
ISSUE = declare("annual_report.issue", "Issue, publish and withdraw the report")
READ_PUBLISHED = declare("annual_report.read_published", "Read published reports")
