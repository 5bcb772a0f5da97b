"""Neural networks and backpropagation."""
