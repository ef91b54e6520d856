"""The benchmark's workloads in JAX, for the machine that it runs on: a GPU server compares both on one card.

    pip install "jax[cuda12]"
    python3 bench/jax_reference.py --json jax.json            # every workload
    python3 bench/jax_reference.py --workload diagonal-100x250 --runs 512

A run is a function of its weights, vmap makes it all runs, lax.scan all steps, and jit one program of it. Rows are those
of `alphasweep bench --json`. Data are drawn anew from the same distributions: times do not depend on them. What every
training ends with is compared with NumPy in float64; a row that is off by more than TOLERANCE has an error, not a time.
"""

import argparse
import json
import time

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

# All of float32: by default a GPU rounds the factors of products to 10 bits.
jax.config.update("jax_default_matmul_precision", "highest")

TOLERANCE = 1e-2
MOST_STEPS = 20_000
REPEATS = 5
CHECKED = 2


def gaussian_data(samples, inputs, random):
    """x ~ N(0, I), y = <beta*, x> with beta* uniform on [-1, 1]."""
    X = random.standard_normal((samples, inputs)).astype(np.float32)
    return X, (X @ random.uniform(-1, 1, inputs)).astype(np.float32)


def sparse_signs(samples, inputs, random):
    """Two of many signed inputs tell the class (Wei et al. 2019)."""
    X = random.choice([-1.0, 1.0], (samples, inputs)).astype(np.float32)
    y = random.choice([-1.0, 1.0], samples).astype(np.float32)
    X[y > 0, 1] = 0
    X[y < 0, 0] = 0
    return X, y


class Diagonal:
    """f(x) = <w+^D - w-^D, x>, one alpha a run; with `every`, the kernel of every so many steps is an output too."""

    def __init__(self, samples, inputs, runs, depth=2, alphas=None, share=0.02, every=None):
        suffix = f"-depth-{depth}" if depth != 2 else ""
        self.id = f"{'kernels' if every else 'diagonal'}-{samples}x{inputs}{suffix}"
        self.samples, self.inputs, self.runs, self.depth = samples, inputs, runs, depth
        self.alphas, self.share, self.every = alphas, share, every

    def problem(self, runs):
        X, y = gaussian_data(self.samples, self.inputs, np.random.default_rng(1))
        alphas = np.resize(self.alphas, runs) if self.alphas else np.logspace(-2 if runs > 1 else 0, 0, runs)
        top = max(self.alphas or [1]) ** (2 * self.depth - 2)
        largest = 2 * self.depth**2 * top * np.linalg.eigvalsh(X.astype(np.float64) @ X.T.astype(np.float64))[-1]
        start = np.repeat(alphas[:, None], 2 * self.inputs, 1).reshape(runs, 2, self.inputs).astype(np.float32)
        return (start,), X, y, self.share * self.samples / largest

    def loss(self, weights, X, y):
        (w,) = weights
        return jnp.mean((X @ (w[0] ** self.depth - w[1] ** self.depth) - y) ** 2)

    def kernel(self, weights, X):
        (w,) = weights
        power = 2 * self.depth - 2
        return self.depth**2 * (X * (w[0] ** power + w[1] ** power)) @ X.T

    def result(self, weights, X):
        (w,) = weights
        return self.kernel(weights, X) if self.every else w[0] ** self.depth - w[1] ** self.depth

    def gradient64(self, weights, X, y):
        (w,) = weights
        slope = 2 * self.depth / len(y) * (X.T @ (X @ (w[0] ** self.depth - w[1] ** self.depth) - y))
        return (np.stack([w[0] ** (self.depth - 1) * slope, -(w[1] ** (self.depth - 1)) * slope]),)

    def flops(self, runs):
        record = (self.samples * (self.samples + 1) + 2 * self.samples) * self.inputs
        return runs * (4 * self.samples * self.inputs + (record / self.every if self.every else 0))


class Relu:
    """Networks without biases, mean squared loss, every run from a start of its own (He et al.)."""

    every = None

    def __init__(self, samples, inputs, widths, runs):
        self.id = "relu-" + "x".join(map(str, [samples, inputs, *widths]))
        self.samples, self.inputs, self.widths, self.runs = samples, inputs, widths, runs
        self.shapes = list(zip([*widths, 1], [inputs, *widths]))

    def problem(self, runs):
        random = np.random.default_rng(1)
        X, y = sparse_signs(self.samples, self.inputs, random)
        start = tuple(
            (random.standard_normal((runs, *shape)) * np.sqrt(2 / shape[1])).astype(np.float32) for shape in self.shapes
        )
        return start, X, y, 1e-6 if len(self.widths) > 1 else 1e-4

    def loss(self, weights, X, y):
        h = X
        for layer in weights[:-1]:
            h = jax.nn.relu(h @ layer.T)
        return jnp.mean(((h @ weights[-1].T)[:, 0] - y) ** 2)

    def result(self, weights, X):
        return jnp.concatenate([layer.ravel() for layer in weights])

    def gradient64(self, weights, X, y):
        below = [X]
        for layer in weights[:-1]:
            below.append(np.maximum(below[-1] @ layer.T, 0))
        back = 2 / len(y) * (below[-1] @ weights[-1].T - y[:, None])
        gradients = []
        for layer, h in zip(reversed(weights), reversed(below)):
            gradients.insert(0, back.T @ h)
            back = (back @ layer) * (h > 0)
        return tuple(gradients)

    def flops(self, runs):
        sizes = [above * below for above, below in self.shapes]
        return 2 * runs * self.samples * (2 * sum(sizes) + sum(sizes[1:-1]))


class ReluKernels(Relu):
    """A step is the tangent kernel of every run: the sum over layers of (H H^T) o (B B^T)."""

    def __init__(self, samples, inputs, widths, runs):
        super().__init__(samples, inputs, widths, runs)
        self.id = self.id.replace("relu", "gram")

    def result(self, weights, X):
        below = [X]
        for layer in weights[:-1]:
            z = below[-1] @ layer.T
            below.append(z * (z > 0))
        back = 0 * X[:, :1] + 1
        kernel = 0
        for layer, h in zip(reversed(weights), reversed(below)):
            kernel = kernel + (h @ h.T) * (back @ back.T)
            back = (back @ layer) * (h > 0)
        return kernel

    def flops(self, runs):
        sizes = [above * below for above, below in self.shapes]
        triangle = self.samples * (self.samples + 1) // 2
        return 2 * runs * (self.samples * (2 * sum(sizes) - sizes[0]) + triangle * 2 * sum(self.widths))


WORKLOADS = [
    Diagonal(10, 20, [1, 4, 16, 64, 256, 1024, 4096]),
    Diagonal(100, 250, [1, 4, 20, 64, 256, 512, 1024, 4096]),
    Diagonal(100, 1000, [1, 4, 16, 64, 256, 1024, 4096]),
    Diagonal(100, 1000, [64], depth=3),
    Diagonal(10, 20, [5], alphas=[0.05, 0.1, 0.5, 1, 5], share=0.9, every=10),
    Relu(200, 20, [10], [1, 4, 16, 60, 256]),
    Relu(200, 20, [64, 64, 64], [1, 4, 16]),
    ReluKernels(256, 20, [256, 256, 256], [16]),
]


def descend(weights, gradients, step_size):
    return tuple(w - step_size * g for w, g in zip(weights, gradients))


def training(workload, X, y, step_size, steps):
    """All runs' training as one compiled program: weights -> what every run has come to, and the records."""
    gradients = jax.vmap(jax.grad(workload.loss), in_axes=(0, None, None))
    result = jax.vmap(workload.result, in_axes=(0, None))
    if isinstance(workload, ReluKernels):
        # One compiled call a step: in one program nothing would change from step to step, and one kernel would do.
        kernels = jax.jit(result)

        def make(weights):
            for _ in range(steps):
                made = kernels(weights, X)
            return made, None

        return make

    def step(weights, _):
        return descend(weights, gradients(weights, X, y), step_size), None

    def record(weights, _):
        weights, _ = lax.scan(step, weights, length=workload.every)
        return weights, result(weights, X)

    def train(weights):
        if workload.every:
            weights, records = lax.scan(record, weights, length=steps // workload.every)
        else:
            (weights, _), records = lax.scan(step, weights, length=steps), None
        return result(weights, X), records

    return jax.jit(train)


def float64_result(workload, start, run, X, y, step_size, steps):
    weights = tuple(layer[run].astype(np.float64) for layer in start)
    X, y = X.astype(np.float64), y.astype(np.float64)
    if isinstance(workload, ReluKernels):
        return workload.result(weights, X).ravel()
    for _ in range(steps):
        weights = descend(weights, workload.gradient64(weights, X, y), step_size)
    if isinstance(workload, Relu):
        return np.concatenate([layer.ravel() for layer in weights])
    return workload.result(weights, X).ravel()


def measure(workload, runs, seconds):
    start, X, y, step_size = workload.problem(runs)
    weights = jax.device_put(start)
    step_size = np.float32(step_size)

    def timed(train):
        begun = time.perf_counter()
        results, records = jax.block_until_ready(train(weights))
        if records is not None:
            np.asarray(records)
        return np.asarray(results).reshape(runs, -1), 1e6 * (time.perf_counter() - begun)

    steps = 20
    while True:
        train = training(workload, jnp.asarray(X), jnp.asarray(y), step_size, steps)
        timed(train)
        _, microseconds = timed(train)
        wanted = int(steps * 1e6 * seconds / REPEATS / microseconds)
        if wanted <= 2 * steps or steps >= MOST_STEPS:
            break
        steps = min(MOST_STEPS, wanted, 64 * steps) // 10 * 10
    all_results, times = zip(*(timed(train) for _ in range(REPEATS)))

    errors = []
    for run in sorted({0, runs - 1})[:CHECKED]:
        expected = float64_result(workload, start, run, X, y, float(step_size), steps)
        errors += [np.linalg.norm(found[run] - expected) / np.linalg.norm(expected) for found in all_results]
    error = float(max(errors, key=lambda value: np.inf if np.isnan(value) else value))
    row = {"workload": workload.id, "engine": f"jax-{jax.default_backend()}", "runs": runs, "steps": steps}
    row |= {"max_relative_error": error if np.isfinite(error) else None, "runs_checked": len({0, runs - 1})}
    if not error <= TOLERANCE:
        return row | {"error": f"wrong: off by {error:.2g}"}
    per_step = np.asarray(times) / steps
    median = float(np.median(per_step))
    p10, p90 = (float(np.quantile(per_step, q)) for q in (0.1, 0.9))
    return row | {
        "run_steps_per_s": 1e6 * runs / median,
        "us_per_step": {"median": median, "p10": p10, "p90": p90},
        "gflops": workload.flops(runs) / median / 1000,
        "peak_fraction": None,
        "repeats": REPEATS,
    }


def main():
    ids = [workload.id for workload in WORKLOADS]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workload", action="append", choices=ids, help="only this one; may be repeated")
    parser.add_argument("--runs", type=int, action="append", help="these numbers of runs; may be repeated")
    parser.add_argument("--seconds", type=float, default=2.5, help="for the repeats of one number of runs")
    parser.add_argument("--json", help="write the rows to this file")
    options = parser.parse_args()
    device = jax.devices()[0]
    adapter = {"device": device.device_kind, "platform": device.platform, "jax": jax.__version__}
    print(f"JAX {jax.__version__} on {device.device_kind} ({device.platform})")
    rows = []
    for workload in WORKLOADS:
        if options.workload and workload.id not in options.workload:
            continue
        for runs in options.runs or workload.runs:
            row = measure(workload, runs, options.seconds)
            rows.append(row)
            what = f"{workload.id:25} {runs:5}  {row['engine']:8}"
            if "error" in row:
                print(f"{what}  {row['error']}", flush=True)
            else:
                print(
                    f"{what}  {row['us_per_step']['median']:10.4g} us/step  {row['run_steps_per_s']:9.3g} run-steps/s"
                    f"  {row['gflops']:8.2f} GFLOP/s  error {row['max_relative_error']:.0e}",
                    flush=True,
                )
    if options.json:
        with open(options.json, "w") as file:
            json.dump({"adapter": adapter, "rows": rows}, file, indent=2)
            file.write("\n")


if __name__ == "__main__":
    main()
