"""What is owed and when: text and dates only, no clock, no network, no database.

The line, in the order in which modules may import one another:

    errors  schedule  workdays  numerals  phrases  rules  duties | documents  clauses  drafts
"""
