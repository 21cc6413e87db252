"""What the teacher says of changed posters, asked beforehand, and CNN64, which learns it.

Each poster is changed in VERSIONS ways, at the size at which the teacher sees it, and then shrunk. So a small network
sees just what the teacher was asked about (Beyer et al. 2022), and as often as it needs to, though the teacher takes a
hundred times as long as it does.
"""

import torch
from torch.nn import functional

from marquee_networks import CNN64
from posters import changed, normalise
from tuning import Settings, train

# of each training poster
VERSIONS = 16
# posters that are changed, and asked about, at once
AT_ONCE = 512
# width and height of the posters that CNN64 sees
SIDE = 64
SETTINGS = Settings(epochs=50, batch=512, learning_rate=3e-3, weight_decay=0.05)


def shrunk(posters):
    """Posters at CNN64's size, as bytes."""
    small = functional.interpolate(posters.float(), (SIDE, SIDE), mode="bilinear", antialias=True)
    return small.round().clamp(0, 255).to(torch.uint8)


class Lessons:
    """Changed posters at CNN64's size, with the teacher's probabilities of the classes for each."""

    @torch.no_grad()
    def __init__(self, ask, posters, classes):
        """`ask` gives the teacher's outputs to inputs; `posters` are those of the training split."""
        count, device = len(posters), posters.device
        self.posters = torch.empty(VERSIONS, count, 3, SIDE, SIDE, dtype=torch.uint8, device=device)
        self.classes = torch.empty(VERSIONS, count, classes, device=device)
        for version in range(VERSIONS):
            # half of those that are changed at once get the same size, so these are others in each version
            for rows in torch.randperm(count, device=device).split(AT_ONCE):
                seen = changed(posters[rows])
                self.classes[version, rows] = ask(normalise(seen))[:, :classes].softmax(1)
                self.posters[version, rows] = shrunk(seen)

    def draw(self, rows):
        """A random version of each of these posters, and what the teacher said of it."""
        version = torch.randint(VERSIONS, rows.shape, device=rows.device)
        return self.posters[version, rows], self.classes[version, rows]


def learn(lessons, labelled, taught, validation_posters, truths, labels):
    """Trains CNN64.

    `labelled(rows)` are the classes as the labels have them, and `taught` is the teacher's share of the targets.
    """

    def loss_of(network, rows):
        posters, said = lessons.draw(rows)
        wanted = taught * said + (1 - taught) * labelled(rows)
        return -(wanted * network(normalise(posters)).log_softmax(1)).sum(1).mean()

    network, validation = CNN64(len(labels)), shrunk(validation_posters)
    return train("cnn64", network, loss_of, validation, truths, labels, SETTINGS)
