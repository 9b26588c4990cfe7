"""The sample year: one YAML file for each section of a published report, loaded through the services."""
