"""What people look at: duties and standings made into rows."""
