"""Grading: checks against PyTorch with reasons a student can use, and their safe, parallel run.

Stands apart from the rest of nnlib: nothing of nnlib imports it, and it alone imports torch.
"""
