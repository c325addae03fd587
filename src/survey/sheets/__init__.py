"""The sheets of a report, each a builder from the plan; `survey.analysis` lists them in order."""
