"""Tells the genre of a movie from its poster.

    import marquee_posters

    network = marquee_posters.load("posternet")
    answers = network.predict(["poster.jpg", open("other.png", "rb").read()])
    print(answers["label"], answers["confidence"])
"""

from ._marquee import shipped
from ._network import Columns, Network, load

__all__ = ["Columns", "Network", "load", "networks"]


def networks() -> list[str]:
    """The names of the networks that come with the package; `load` takes each of them."""
    return shipped()
