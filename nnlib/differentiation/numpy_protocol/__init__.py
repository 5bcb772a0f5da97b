"""What NumPy asks of numbers and arrays that carry derivatives: operators, functions, error messages."""
