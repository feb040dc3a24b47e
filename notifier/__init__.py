"""Who was told, and what they answered: all effects live here."""
