"""Writes potential-references.json: q_D, h_D, its inverse and r to float64, from their definitions in 120-digit decimals.

Nothing here shares a formula with src/theory: q_D is the integral's closed form with all its cancellation, inverses are
found by bisection. Run: python3 test/theory/potential_references.py > test/theory/potential-references.json
"""

import json
from decimal import Decimal as D, getcontext

getcontext().prec = 120
one, two, four = D(1), D(2), D(4)


def asinh(x):
    return (x + (x * x + one).sqrt()).ln()


def power(base, exponent):
    return (base.ln() * exponent).exp()


def q2(z):
    return two - (four + z * z).sqrt() + z * asinh(z / two)


def profile_from_gap(gap, depth):
    """h_D at z = 1 - gap: the gap keeps its digits where z has none left."""
    p = D(depth) / D(depth - 2)
    return power(gap, -p) - power(two - gap, -p)


def profile(z, depth):
    return profile_from_gap(one - z, depth)


def inverse_gap(h, depth):
    """1 - z with h_D(z) = h > 0, by bisection on its logarithm."""
    low, high = D(-600), D(0)
    for _ in range(420):
        middle = (low + high) / two
        if profile_from_gap(middle.exp(), depth) > h:
            low = middle
        else:
            high = middle
    return ((low + high) / two).exp()


def q_depth(h, depth, gap):
    m = two / D(depth - 2)
    phi = D(depth - 2) / two * (power(gap, -m) + power(two - gap, -m))
    return (one - gap) * h - phi + D(depth - 2)


def r(z):
    """2 t^2 (1+t^2) / (1-t^2)^2 where 4 t / (1-t^2)^2 = z, by bisection on ln(1-t)."""
    low, high = D(-200), D(0)
    for _ in range(420):
        middle = (low + high) / two
        t = one - middle.exp()
        if four * t / (one - t * t) ** 2 > z:
            low = middle
        else:
            high = middle
    t = one - ((low + high) / two).exp()
    return two * t * t * (one + t * t) / (one - t * t) ** 2


arguments = [1e-12, 3e-9, 1e-6, 2.5e-4, 0.01, 0.3, 0.99, 1.0, 1.7, 2.0, 2.1, 3.0, 17.0, 400.0, 1e4, 1e6, 7e8, 1e10, 1e12]
insides = [1e-12, 1e-6, 0.01, 0.3, 0.49999, 0.5, 0.7, 0.99, 0.999999, 1 - 2.0**-40, 1 - 2.0**-52]
depths = [3, 4, 5, 8, 10, 100]

print(
    json.dumps(
        {
            "q": [[z, float(q2(D(z)))] for z in arguments + [1e40]],
            "r": [[z, float(r(D(z)))] for z in arguments + [1e40]],
            "profile": [[depth, z, float(profile(D(z), depth))] for depth in depths for z in insides],
            # depth, h, z, 1 - z, q_D(h)
            "inverse": [
                [depth, h, float(one - gap), float(gap), float(q_depth(D(h), depth, gap))]
                for depth in depths
                for h in arguments
                for gap in [inverse_gap(D(h), depth)]
            ],
        }
    )
)
