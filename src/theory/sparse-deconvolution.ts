/**
 * y = sum of spikes seen through the Dirichlet kernel psi(x) = sum over |k| <= bandwidth of e^(ikx), on the circle. Signals are held as
 * their coefficients: [c_0, then the real and imaginary parts of c_1, c_2, ...]; their product is that of functions over 2 pi.
 */
export interface Deconvolution {
  /** [1 + 2 bandwidth] */
  signal: Float64Array;
  /** lambda > 0, the price of mass. */
  penalty: number;
}

/** Positive or negative masses at places on the circle, [particles] each. */
export interface Particles {
  /** In radians. */
  places: Float64Array;
  /** s r^2/m. */
  masses: Float64Array;
}

export interface ConicDescentOptions {
  steps: number;
  /** Of masses' logarithms: r <- r exp(-2 a g). */
  massStep: number;
  /** Of places; 0 leaves them where they are. */
  placeStep: number;
  /** Is told of the particles before the first step and after each. They go on changing: copy what is to be kept. */
  each?: (step: number, particles: Particles) => void;
}

/** Coefficients of the particles' signal, [1 + 2 bandwidth]. */
export function deconvolutionSignal(particles: Particles, bandwidth: number): Float64Array {
  const out = new Float64Array(1 + 2 * bandwidth);
  setSignal(out, particles);
  return out;
}

/** The same into an array of that length: nothing is allocated in a step. */
function setSignal(out: Float64Array, { places, masses }: Particles): void {
  out.fill(0);
  for (let j = 0; j < places.length; j++) {
    const cos = Math.cos(places[j]);
    const sin = Math.sin(places[j]);
    let re = masses[j];
    let im = 0;
    out[0] += re;
    for (let k = 1; 2 * k < out.length; k++) {
      const turned = re * cos + im * sin;
      im = im * cos - re * sin;
      re = turned;
      out[2 * k - 1] += re;
      out[2 * k] += im;
    }
  }
}

/** J = (1/2) |signal of particles - y|^2 + lambda sum |mass|. */
export function deconvolutionObjective({ signal, penalty }: Deconvolution, particles: Particles): number {
  const residual = residualOf(signal, particles);
  return (
    product(residual, residual) / 2 +
    penalty * particles.masses.reduce((sum, mass) => sum + Math.abs(mass), 0)
  );
}

/**
 * Conic particle descent: every particle feels the potential V(x) = <residual, psi(. - x)> + sign lambda,
 *
 *     mass <- mass exp(-4 a sign V(place)),    place <- place - b sign V'(place)
 *
 * which is gradient descent on r in mirror form, mass = sign r^2/m, and on places; masses keep their signs.
 * @returns the particles at the end
 * @throws RangeError for a signal of an even length, or steps out of range
 * @source Chizat & Bach 2018, Section 4.1; Chizat 2019 (the update)
 */
export function conicParticleDescent(
  { signal, penalty }: Deconvolution,
  start: Particles,
  { steps, massStep, placeStep, each }: ConicDescentOptions,
): Particles {
  if (signal.length % 2 === 0)
    throw new RangeError(`the signal has ${signal.length} coefficients; it has 1 + 2 bandwidth`);
  if (!(massStep > 0 && placeStep >= 0))
    throw new RangeError(
      `steps are ${massStep} and ${placeStep}; of masses it must be positive, of places not negative`,
    );
  const particles = { places: start.places.slice(), masses: start.masses.slice() };
  const { places, masses } = particles;
  const residual = new Float64Array(signal.length);
  const felt = { value: 0, slope: 0 };
  each?.(0, particles);
  for (let step = 0; step < steps; step++) {
    setSignal(residual, particles);
    for (let k = 0; k < residual.length; k++) residual[k] -= signal[k];
    for (let j = 0; j < places.length; j++) {
      const sign = Math.sign(masses[j]);
      setPotential(felt, residual, places[j]);
      masses[j] *= Math.exp(-4 * massStep * (sign * felt.value + penalty));
      places[j] -= placeStep * sign * felt.slope;
    }
    each?.(step + 1, particles);
  }
  return particles;
}

/**
 * How far J may be above the least one, by a feasible point of the dual program: c (y - signal of particles), c <= 1 such that its largest
 * value on the circle is at most lambda, has the objective |y|^2/2 - |y - p|^2/2.
 */
export function deconvolutionGap(problem: Deconvolution, particles: Particles): number {
  const { signal, penalty } = problem;
  const residual = residualOf(signal, particles);
  let largest = 0;
  const places = 1024 * signal.length;
  for (let k = 0; k < places; k++)
    largest = Math.max(largest, Math.abs(potential(residual, (2 * Math.PI * k) / places).value));
  // Between places, Bernstein: a trigonometric polynomial of degree K bends by at most K^2 times its largest value.
  const bandwidth = (signal.length - 1) / 2;
  largest /= 1 - (bandwidth * Math.PI) ** 2 / places ** 2 / 2;
  const scale = Math.min(1, penalty / largest);
  const miss = signal.map((value, k) => value + scale * residual[k]);
  return deconvolutionObjective(problem, particles) - (product(signal, signal) - product(miss, miss)) / 2;
}

function residualOf(signal: Float64Array, particles: Particles): Float64Array {
  return deconvolutionSignal(particles, (signal.length - 1) / 2).map((value, k) => value - signal[k]);
}

/** <f, psi(. - x)> = f(x), and its slope there. */
function potential(f: Float64Array, place: number): { value: number; slope: number } {
  const felt = { value: 0, slope: 0 };
  setPotential(felt, f, place);
  return felt;
}

function setPotential(felt: { value: number; slope: number }, f: Float64Array, place: number): void {
  const cos = Math.cos(place);
  const sin = Math.sin(place);
  let re = 1;
  let im = 0;
  let value = f[0];
  let slope = 0;
  for (let k = 1; 2 * k < f.length; k++) {
    const turned = re * cos - im * sin;
    im = im * cos + re * sin;
    re = turned;
    value += 2 * (f[2 * k - 1] * re - f[2 * k] * im);
    slope -= 2 * k * (f[2 * k - 1] * im + f[2 * k] * re);
  }
  felt.value = value;
  felt.slope = slope;
}

/** Over 2 pi, so that psi(0) = 1 + 2 bandwidth is its own square. */
function product(left: Float64Array, right: Float64Array): number {
  let sum = left[0] * right[0];
  for (let k = 1; k < left.length; k++) sum += 2 * left[k] * right[k];
  return sum;
}
