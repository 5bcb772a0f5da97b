"""How every check judges an answer: inputs from the seed, the truth by PyTorch, comparison, the hint."""
