"""The clauses of a notice as a table that people read."""

from obligations.clauses import Notice


def print_table(notice: Notice) -> None:
    """Print the clauses."""
    for clause in notice.clauses:
        print(clause.line, clause.item, clause.actor, clause.action, clause.quote)
