"""What a picture of a question shows, told in the feedback: its call stands among the hidden tests."""


def explain(words):
    """Print the answer to what a picture asked."""
    print(f"About the picture: {words}")
