import { describe, expect, test } from "vitest";
import { powerOfTen } from "../../src/document/power-of-ten.ts";
import { arange, linspace, logspace } from "../../src/document/spacing.ts";

// What numpy 2.4.6 prints (repr, so to the last digit). Its logspace depends on the processor: these are its values
// without AVX-512, which are the correctly rounded ones.

describe("linspace is np.linspace", () => {
  const known: [arguments: [number, number, number], values: number[]][] = [
    [
      [0, 1, 4],
      [0, 0.3333333333333333, 0.6666666666666666, 1],
    ],
    [
      [0.1, 0.7, 7],
      [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7],
    ],
    [
      [5, -3, 5],
      [5, 3, 1, -1, -3],
    ],
    [
      [2, 2, 3],
      [2, 2, 2],
    ],
    [[-1, 1, 1], [-1]],
    // The step itself underflows to 0.
    [
      [0, 1e-323, 5],
      [0, 0, 5e-324, 1e-323, 1e-323],
    ],
  ];
  for (const [given, values] of known) {
    test(`for ${given.join(", ")}`, () => expect(linspace(...given)).toEqual(values));
  }
});

describe("logspace is np.logspace", () => {
  const known: [arguments: [number, number, number], values: number[]][] = [
    [
      [-3, 1, 5],
      [0.001, 0.01, 0.1, 1, 10],
    ],
    [
      [-5, 0, 6],
      [1e-5, 0.0001, 0.001, 0.01, 0.1, 1],
    ],
    [
      [-2, 0.7, 7],
      [
        0.01, 0.028183829312644536, 0.07943282347242814, 0.223872113856834, 0.6309573444801934,
        1.7782794100389228, 5.011872336272722,
      ],
    ],
    [
      [-1.7, 2.3, 9],
      [
        0.0199526231496888, 0.06309573444801933, 0.19952623149688797, 0.6309573444801934, 1.9952623149688797,
        6.309573444801933, 19.952623149688797, 63.09573444801933, 199.52623149688787,
      ],
    ],
    [
      [0.25, -0.25, 4],
      [1.7782794100389228, 1.2115276586285886, 0.8254041852680185, 0.5623413251903491],
    ],
    [[0.5, 9, 1], [3.1622776601683795]],
  ];
  for (const [given, values] of known) {
    test(`for ${given.join(", ")}`, () => expect(logspace(...given)).toEqual(values));
  }
});

describe("arange is np.arange", () => {
  const known: [arguments: [number, number, number], values: number[]][] = [
    [
      [0, 1, 0.1],
      [0, 0.1, 0.2, 0.30000000000000004, 0.4, 0.5, 0.6000000000000001, 0.7000000000000001, 0.8, 0.9],
    ],
    // The infamous one: rounding lets the stop in.
    [
      [1, 1.3, 0.1],
      [1, 1.1, 1.2000000000000002, 1.3000000000000003],
    ],
    [
      [0.05, 0.5, 0.05],
      [0.05, 0.1, 0.15000000000000002, 0.2, 0.25, 0.3, 0.35000000000000003, 0.4, 0.45],
    ],
    [
      [10, 0, -3],
      [10, 7, 4, 1],
    ],
    [
      [0, 1, 0.3],
      [0, 0.3, 0.6, 0.8999999999999999],
    ],
    // The step is what float64 makes of start + step.
    [
      [1e9, 1e9 + 1, 0.3],
      [1000000000, 1000000000.3, 1000000000.5999999, 1000000000.8999999],
    ],
    [[1, 0, 1], []],
  ];
  for (const [given, values] of known) {
    test(`for ${given.join(", ")}`, () => expect(arange(...given)).toEqual(values));
  }
});

describe("powers of ten are correctly rounded", () => {
  test("at whole exponents, as literals are", () => {
    for (let exponent = -330; exponent <= 310; exponent++) {
      expect(powerOfTen(exponent)).toBe(Number(`1e${exponent}`));
    }
  });

  // Python's decimal module at 60 digits.
  const known: [exponent: number, power: number][] = [
    [0.5, 3.1622776601683795],
    [-0.1, 0.7943282347242815],
    [0.3333333333333333, 2.154434690031884],
    [0.3010299956639812, 2.0],
    [1e-17, 1.0],
    [-1e-10, 0.9999999997697415],
    [2.718281828459045, 522.7352996704365],
    [-7.25, 5.6234132519034905e-8],
    [123.456, 2.857590543374967e123],
    [-299.99, 1.0232929922807327e-300],
    [308.2, 1.584893192461072e308],
    [-307.6, 2.511886431509449e-308],
    [-315.3, 5.0118723e-316],
    [22.5, 3.1622776601683792e22],
  ];
  for (const [exponent, power] of known) {
    test(`at ${exponent}`, () => expect(powerOfTen(exponent)).toBe(power));
  }

  test("beyond the range of numbers, as Infinity and zero", () => {
    expect(powerOfTen(308.5)).toBe(Infinity);
    expect(powerOfTen(1e300)).toBe(Infinity);
    expect(powerOfTen(-400.5)).toBe(0);
  });
});
