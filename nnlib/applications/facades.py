"""The front of a house: what each pixel shows, and its picture, for the pair "labels → facade"."""

import numpy as np

from nnlib.applications.streets import since

SIZE = 32
CLASSES = ("wall", "window", "door", "cornice", "balcony", "sky", "roof")
WALL, WINDOW, DOOR, CORNICE, BALCONY, SKY, ROOF = range(7)


def labels(rng):
    """The class of each pixel (32, 32) of a house with three to five storeys."""
    L = np.full((SIZE, SIZE), WALL)
    top = rng.integers(3, 8)
    wall = top + rng.integers(2, 5)
    L[:top], L[top:wall], L[wall] = SKY, ROOF, CORNICE
    wide, high, period = rng.integers(2, 4), rng.integers(3, 5), rng.integers(5, 8)
    columns = range(rng.integers(1, 4), SIZE - wide, period)
    y = wall + 2
    while y + high < SIZE - 7:
        balcony = rng.random() < 0.4
        for x in columns:
            L[y : y + high, x : x + wide] = WINDOW
            if balcony:
                L[y + high, max(0, x - 1) : x + wide + 1] = BALCONY
        y += high + 2 + balcony
    L[SIZE - 8] = CORNICE
    door = rng.integers(2, SIZE - 6)
    L[SIZE - 6 :, door : door + 4] = DOOR
    for x in columns:
        if abs(x - door - 1) > 4:
            L[SIZE - 6 : SIZE - 3, x : x + wide] = WINDOW
    return L


def painted(L):
    """The picture (32, 32, 3) that belongs to the labels: frames, panes, shadows, a handle at the door."""
    y, x = np.mgrid[0:SIZE, 0:SIZE]
    I = np.array([0.8, 0.66, 0.48]) * (1 - 0.12 * (y % 3 == 0))[..., None]
    sky, roof, window, door, balcony = (L == which for which in (SKY, ROOF, WINDOW, DOOR, BALCONY))
    I[sky] = (np.array([0.5, 0.7, 0.95]) + (y[..., None] + 0.5) * np.array([0.03, 0.02, 0]))[sky]
    I[roof] = (np.array([0.55, 0.25, 0.2]) * (1 - 0.25 * ((x + 2 * y) % 3 == 0))[..., None])[roof]
    down, right = since(window, 0), since(window, 1)
    I[window] = 0.25, 0.35, 0.5
    I[window & (down == 1)] = 0.95, 0.93, 0.85
    I[window & (right == 1) & (down > 1)] = 0.45, 0.6, 0.8
    I[(L == WALL) & np.roll(window, 1, 0)] = 0.5, 0.38, 0.27
    down, right = since(door, 0), since(door, 1)
    I[door] = 0.35, 0.2, 0.1
    I[door & (down == 1)] = 0.75, 0.85, 0.9
    I[door & (right == 3) & (down == 4)] = 0.9, 0.8, 0.2
    cornice = L == CORNICE
    I[cornice] = 0.93, 0.88, 0.78
    I[balcony] = np.where(x % 2 == 0, 0.15, 0.5)[balcony][:, None]
    I[~cornice & np.roll(cornice, 1, 0)] *= 0.7
    return np.clip(I, 0, 1)
