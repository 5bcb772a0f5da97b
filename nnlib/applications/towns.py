"""A town seen from above, and its map: for the pair "aerial picture → map"."""

import numpy as np

SIZE = 32
BLOCK, STREET, PARK, WATER, HOUSE = range(5)
OF_THE_MAP = np.array(
    [[0.93, 0.9, 0.84], [1, 0.8, 0.25], [0.45, 0.78, 0.4], [0.3, 0.6, 0.95], [0.55, 0.5, 0.5]]
)
"""In which colour the map shows each class."""
FROM_ABOVE = np.array([[0.5, 0.5, 0.38], [0.42, 0.42, 0.44], [0.22, 0.38, 0.16], [0.12, 0.2, 0.3], [0, 0, 0]])


def town(rng):
    """The class of each pixel (32, 32): turned blocks with houses or a park, streets, sometimes a river."""
    y, x = np.mgrid[0:SIZE, 0:SIZE] + 0.5
    turn = rng.uniform(-0.3, 0.3)
    u, v = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    (period_u, period_v), width = rng.uniform(8, 13, 2), rng.uniform(1.6, 2.6)
    u, v = u + rng.uniform(0, 13), v + rng.uniform(0, 13)
    number = np.floor(u / period_u).astype(int) * 7919 + np.floor(v / period_v).astype(int) * 104729
    L = np.where((number + rng.integers(1000)) % 97 % 5 == 0, PARK, BLOCK)
    u, v = u % period_u, v % period_v
    inside = (u > width + 0.8) & (v > width + 0.8)
    L[(L == BLOCK) & inside & ((u - width) % 4.2 > 1.2) & ((v - width) % 4.6 > 1.4)] = HOUSE
    L[(u < width) | (v < width)] = STREET
    if rng.random() < 0.6:
        bend, slope, wide = rng.uniform(6, 26), rng.uniform(-0.5, 0.5), rng.uniform(2.5, 4.5)
        river = abs(x - bend - slope * y - 2 * np.sin(y / 6)) < wide
        bridges = rng.random() < 0.5
        L[river & (L != STREET) if bridges else river] = WATER
    return L


def from_above(rng, L):
    """The picture (32, 32, 3): roofs of one colour with their shadows, texture, cars, and changing light."""
    I = FROM_ABOVE[L]
    roofs = [[0.55, 0.35, 0.28], [0.45, 0.45, 0.47], [0.6, 0.5, 0.42]]
    I[L == HOUSE] = rng.choice(roofs) * rng.uniform(0.8, 1.1)
    house, texture = L == HOUSE, rng.normal(size=L.shape)
    I[np.roll(house, (1, 1), (0, 1)) & ~house & (L != WATER)] *= 0.5
    I += 0.05 * texture[..., None]
    I[(L == PARK) & (texture > 0.3)] *= 0.6
    I[(L == WATER) & (texture > 1)] += 0.06
    cars = (L == STREET) & (rng.random(L.shape) < 0.06)
    I[cars] = rng.uniform(0, 1, (cars.sum(), 3))
    return np.clip(I * rng.uniform(0.75, 1.15) + rng.uniform(-0.04, 0.04, 3), 0, 1)
