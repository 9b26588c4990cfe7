"""The composition root: settings, addresses, navigation, roles, the command line, the sample year.

The only place that knows every module.
"""
