"""COMPOSING: results become a document, one folder for each kind of report."""
