"""Streets seen from a camera at the front of a car: which pixel shows what, and pictures of them.

Miniatures of A2D2 (Geyer et al., 2020). Segmentation, and three of the image pairs, learn from them.
"""

import numpy as np

CLASSES = ("sky", "building", "tree", "road", "lane", "car")
SKY, BUILDING, TREE, ROAD, LANE, CAR = range(6)
SIZE = 32


def labels(rng):
    """What each pixel (32, 32) of a random street shows, and where its cars and its horizon are."""
    y, x = np.mgrid[0:SIZE, 0:SIZE] + 0.5
    L = np.full((SIZE, SIZE), SKY)
    horizon, vanishing = rng.uniform(0.38, 0.52) * SIZE, rng.uniform(0.3, 0.7) * SIZE
    left = rng.uniform(-4, 2)
    while left < SIZE:
        width, top = rng.uniform(4, 10), horizon - rng.uniform(2, 13)
        if rng.random() < 0.75:
            L[(x > left) & (x < left + width) & (y > top) & (y < horizon + 2)] = BUILDING
        left += width + rng.uniform(0, 3)
    for _ in range(rng.integers(1, 5)):
        middle, radius, height = rng.uniform(0, SIZE), rng.uniform(2, 4.5), horizon - rng.uniform(0, 4)
        L[np.hypot(x - middle, y - height) < radius] = TREE
        L[(abs(x - middle) < 0.6) & (y > height) & (y < horizon + 2)] = TREE
    near = np.maximum(y - horizon, 0) / (SIZE - horizon)  # 0 at the horizon, 1 at our feet
    sides = rng.uniform(0.5, 0.9, 2) * SIZE
    road = (y > horizon) & (x > vanishing - sides[0] * near - 1) & (x < vanishing + sides[1] * near + 1)
    L[(y > horizon) & ~road] = rng.choice([TREE, BUILDING])
    L[road] = ROAD
    middle = abs(x - vanishing - rng.uniform(-0.1, 0.1) * SIZE * near) < 0.4 + 1.1 * near
    L[road & middle & ((1 / (near + 0.08) + rng.uniform(0, 3)) % 2.2 < 1.3)] = LANE
    for side, way in zip(sides, (-1, 1), strict=True):
        L[road & (abs(x - vanishing - way * 0.86 * side * near) < 0.25 + 0.8 * near)] = LANE
    cars = []
    for _ in range(rng.integers(0, 4)):
        far = rng.uniform(0.12, 0.9)
        across = vanishing + rng.uniform(-0.6 * sides[0], 0.6 * sides[1]) * far
        cars.append((horizon + far * (SIZE - horizon), across, 1.2 + 6 * far))
    for bottom, middle, width in sorted(cars):
        height = 0.75 * width
        L[(abs(x - middle) < width) & (y < bottom) & (y > bottom - height)] = CAR
        roof = (abs(x - middle) < 0.7 * width) & (y < bottom - height + 1) & (y > bottom - 1.6 * height)
        L[roof] = CAR
    return L, sorted(cars), horizon


def photograph(rng, L, cars, horizon):
    """A picture (32, 32, 3) in which colour alone tells little: grey sky or houses, cars in any colour."""
    y, x = np.mgrid[0:SIZE, 0:SIZE] + 0.5
    skies = [[0.5, 0.7, 0.95], [0.75, 0.78, 0.82], [0.95, 0.75, 0.6]]
    houses = [[0.6, 0.4, 0.3], [0.6, 0.6, 0.62], [0.75, 0.68, 0.55], [0.45, 0.45, 0.5]]
    asphalt = rng.uniform(0.25, 0.55)
    I = rng.choice(skies) * rng.uniform(0.8, 1) * (0.75 + 0.25 * y / horizon)[..., None]
    house = L == BUILDING
    I[house] = rng.choice(houses) * rng.uniform(0.7, 1.1)
    windows = house & (x % 3 < 1.4) & (y % 3.5 < 1.6) & (y < horizon - 1)
    I[windows] *= rng.choice([0.5, 0.6, 1.35])
    green = L == TREE
    I[green] = np.array([0.2, 0.42, 0.16]) * rng.uniform(0.6, 1.2) * rng.uniform(0.75, 1.2, (green.sum(), 1))
    I[L == ROAD] = asphalt
    I[L == LANE] = min(0.95, asphalt + rng.uniform(0.3, 0.5))
    for bottom, middle, width in cars:
        height, across = 0.75 * width, abs(x - middle)
        body = (L == CAR) & (across < width) & (y < bottom) & (y > bottom - 1.6 * height)
        I[body] = rng.uniform(0.05, 0.9, 3)
        I[body & (across < 0.55 * width) & (y < bottom - height + 0.5) & (y > bottom - 1.45 * height)] = 0.15
        wheels = abs(across - 0.7 * width) < 0.25 * width
        I[body & (y > bottom - 0.25 * height) & wheels] = 0.05
    return np.clip(I * rng.uniform(0.7, 1.1) + rng.normal(0, 0.035, I.shape), 0, 1)


def since(mask, axis, backwards=False):
    """How many pixels of the mask in a row end here, going down (axis 0) or to the right (axis 1)."""
    if backwards:
        return np.flip(since(np.flip(mask, axis), axis), axis)
    count = np.cumsum(mask, axis)
    return count - np.maximum.accumulate(np.where(mask, 0, count), axis)


def painted(L):
    """The picture (32, 32, 3) that belongs to labels: all that it shows follows from labels nearby."""
    y = (np.arange(SIZE)[:, None, None] + 0.5) / SIZE
    I = np.array([0.45, 0.65, 0.95]) + y * np.array([0.5, 0.3, 0.05]) + np.zeros((SIZE, SIZE, 3))
    house, tree, road, car = (L == which for which in (BUILDING, TREE, ROAD, CAR))
    down, right = since(house, 0), since(house, 1)
    I[house] = 0.62, 0.42, 0.32
    I[house & np.isin(down, (3, 4, 7, 8)) & np.isin(right, (2, 3, 5, 6))] = 0.95, 0.85, 0.5
    I[house & (down == 1)] = 0.35, 0.2, 0.18
    I[tree] = np.array([0.25, 0.6, 0.2]) * (1 - 0.07 * np.minimum(since(tree, 0), 9)[tree])[:, None]
    I[road] = (0.28 + 0.3 * (y - 0.5) + np.zeros((SIZE, SIZE, 3)))[road]
    I[L == LANE] = 0.97, 0.95, 0.8
    down, up = since(car, 0), since(car, 0, backwards=True)
    I[car] = np.array([0.8, 0.12, 0.12]) * (1.15 - 0.06 * np.minimum(down, 9)[car])[:, None]
    I[car & np.isin(down, (2, 3)) & (up > 3)] = 0.6, 0.8, 0.95
    I[car & (up <= 1)] = 0.06
    return np.clip(I, 0, 1)


def night(I, L):
    """The painted picture after dark: windows and the backs of cars shine, all else is dark blue."""
    N = I * np.array([0.18, 0.2, 0.38])
    windows, lamps = (L == BUILDING) & (I[..., 0] > 0.9), (L == CAR) & (I.max(2) < 0.1)
    N[windows], N[lamps] = (1, 0.85, 0.4), (1, 0.2, 0.1)
    glow = windows[..., None] * np.array([1, 0.8, 0.35]) + lamps[..., None] * np.array([1, 0.15, 0.05])
    for _ in range(3):  # the mean of 3 x 3 pixels
        edges = np.pad(glow, ((1, 1), (1, 1), (0, 0)), mode="edge")
        glow = sum(edges[i : i + SIZE, j : j + SIZE] for i in range(3) for j in range(3)) / 9
    return np.clip(N + 1.2 * glow, 0, 1)


def as_photograph(rng, I):
    """A painted picture in other light, with the noise of a camera."""
    return np.clip(I * rng.uniform(0.85, 1.1) + rng.normal(0, 0.015, I.shape), 0, 1)
