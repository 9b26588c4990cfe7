"""Shield runs a multi-agency safeguarding partnership and publishes its yearly report from its records.

Floors, top to bottom (imports point downward only): project, annual_report, domain, meetings,
improvement, kernel. See docs/architecture.md.
"""
