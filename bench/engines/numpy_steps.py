"""The benchmark's work in NumPy, as a researcher without a GPU would write it: float32, all runs in one batched product.

Reads a problem as a line of JSON, arrays as base64 of float32, then lines with numbers of steps; answers each by a line with the
microseconds of a step and what every run has come to. NumPy's products take as many threads as it likes.
"""

import base64
import json
import sys
import time

import numpy as np


def floats(text, *shape):
    return np.frombuffer(base64.b64decode(text), dtype=np.float32).reshape(shape)


class Diagonal:
    """f(x) = <w+^D - w-^D, x>."""

    def __init__(self, p):
        self.X = floats(p["X"], p["samples"], p["inputs"])
        self.y = floats(p["y"], p["samples"])
        self.alphas = floats(p["alphas"], p["runs"], 1)
        self.depth, self.kernels = p["depth"], p["result"] == "ntk"
        self.rate = np.float32(2 * p["depth"] * p["stepSize"] / p["samples"])

    def start(self):
        ones = np.ones(self.X.shape[1], np.float32)
        return self.alphas * ones, self.alphas * ones

    def power(self, w, exponent):
        result = w
        for _ in range(exponent - 1):
            result = result * w
        return result

    def step(self, state):
        plus, minus = state
        beta = self.power(plus, self.depth) - self.power(minus, self.depth)
        change = self.rate * ((beta @ self.X.T - self.y) @ self.X)
        return plus - change * self.power(plus, self.depth - 1), minus + change * self.power(minus, self.depth - 1)

    def result(self, state):
        plus, minus = state
        if not self.kernels:
            return self.power(plus, self.depth) - self.power(minus, self.depth)
        scale = self.depth**2 * (self.power(plus, 2 * self.depth - 2) + self.power(minus, 2 * self.depth - 2))
        return (scale[:, None, :] * self.X) @ self.X.T


class Relu:
    """Networks [runs, units above, units below]; activations are [runs, units, samples]."""

    def __init__(self, p):
        self.runs, self.samples = p["runs"], p["samples"]
        self.X = floats(p["X"], p["samples"], p["inputs"])
        self.weights = [floats(w, p["runs"], above, below) for w, above, below in p["layers"]]
        if "y" in p:
            self.y = floats(p["y"], p["samples"])
            self.stepSize = np.float32(p["stepSize"])

    def start(self):
        return self.weights

    def forward(self, weights):
        first = (weights[0].reshape(-1, self.X.shape[1]) @ self.X.T).reshape(self.runs, -1, self.samples)
        signals = [first]
        for layer in weights[1:]:
            signals.append(layer @ np.maximum(signals[-1], 0))
        return signals

    def back(self, weights, signals, top):
        backward = [top]
        for layer, below in zip(weights[:0:-1], signals[-2::-1]):
            backward.insert(0, (layer.transpose(0, 2, 1) @ backward[0]) * (below > 0))
        return backward

    def step(self, weights):
        signals = self.forward(weights)
        backward = self.back(weights, signals, (signals[-1] - self.y) * np.float32(2 / self.samples))
        below = [None] + [np.maximum(z, 0) for z in signals[:-1]]
        gradients = [
            (b.reshape(-1, self.samples) @ self.X).reshape(w.shape) if h is None else b @ h.transpose(0, 2, 1)
            for w, b, h in zip(weights, backward, below)
        ]
        return [w - self.stepSize * g for w, g in zip(weights, gradients)]

    def result(self, weights):
        return np.concatenate([w.reshape(self.runs, -1) for w in weights], axis=1)


class ReluKernels(Relu):
    """Tangent kernels: the sum over layers of (H H^T) o (B B^T). A step leaves the weights as they are."""

    def step(self, weights):
        self.kernel = self.result(weights)
        return weights

    def result(self, weights):
        signals = self.forward(weights)
        backward = self.back(weights, signals, np.ones_like(signals[-1]))
        total = (self.X @ self.X.T) * (backward[0].transpose(0, 2, 1) @ backward[0])
        for z, b in zip(signals[:-1], backward[1:]):
            h = np.maximum(z, 0)
            total = total + (h.transpose(0, 2, 1) @ h) * (b.transpose(0, 2, 1) @ b)
        return total


class Matrix:
    """Completion by ... W_2 W_1 of square factors."""

    def __init__(self, p):
        n, runs = p["size"], p["runs"]
        self.mask, self.targets = floats(p["mask"], n, n), floats(p["targets"], n, n)
        starts = floats(p["starts"], runs, p["factors"], n, n)
        self.factors = [np.ascontiguousarray(starts[:, k]) for k in reversed(range(p["factors"]))]
        self.rate = np.float32(2 * p["stepSize"] / p["observed"])

    def start(self):
        return self.factors

    def step(self, factors):
        before = [None]
        for w in factors[:-1]:
            before.append(w if before[-1] is None else before[-1] @ w)
        residual = ((before[-1] @ factors[-1]) - self.targets) * self.mask
        after, changed = residual, []
        for w, left in zip(factors[::-1], before[::-1]):
            changed.insert(0, w - self.rate * (after if left is None else left.transpose(0, 2, 1) @ after))
            after = after @ w.transpose(0, 2, 1)
        return changed

    def result(self, factors):
        product = factors[0]
        for w in factors[1:]:
            product = product @ w
        return product


kinds = {"diagonal-sweep": Diagonal, "relu-seeds": Relu, "relu-kernels": ReluKernels, "matrix-sweep": Matrix}


def main():
    problem = json.loads(sys.stdin.readline())
    work = kinds[problem["kind"]](problem)
    every = problem.get("recordEvery")
    print(json.dumps({"numpy": np.__version__}), flush=True)
    for line in sys.stdin:
        steps = int(line)
        state, kept = work.start(), []
        begun = time.perf_counter()
        for done in range(1, steps + 1):
            state = work.step(state)
            if every and (done % every == 0 or done == steps):
                kept.append(work.result(state))
        seconds = time.perf_counter() - begun
        found = np.ascontiguousarray(kept[-1] if kept else work.result(state), dtype=np.float32)
        answer = {"microseconds": 1e6 * seconds / steps, "results": base64.b64encode(found.tobytes()).decode()}
        print(json.dumps(answer), flush=True)


main()
