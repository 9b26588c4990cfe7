"""What every page is made of: layout, form fields, error summaries, tables, tags, figures and the look of
them.

The bottom floor of the kernel: it knows no record, no person and no permission, and imports nothing from
the rest of Shield. Markup comes from the GOV.UK Design System (govuk-frontend, through
govuk-frontend-jinja) with a brand of our own, as the Design System's guidance asks of services that are
not on GOV.UK.
"""
