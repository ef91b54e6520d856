/** The papers that figures come from, as BibTeX. */

interface Entry {
  key: string;
  /** As sources name it. */
  cited: string;
  kind: "inproceedings" | "software";
  fields: Record<string, string>;
}

const neurips = (volume: number, year: number) => ({
  booktitle: "Advances in Neural Information Processing Systems",
  volume: String(volume),
  year: String(year),
});

const entries: readonly Entry[] = [
  {
    key: "woodworth2020kernel",
    cited: "Woodworth et al. 2020",
    kind: "inproceedings",
    fields: {
      author:
        "Woodworth, Blake and Gunasekar, Suriya and Lee, Jason D. and Moroshko, Edward and Savarese, Pedro and Golan, Itay and Soudry, Daniel and Srebro, Nathan",
      title: "Kernel and Rich Regimes in Overparametrized Models",
      booktitle: "Proceedings of Thirty Third Conference on Learning Theory",
      series: "Proceedings of Machine Learning Research",
      volume: "125",
      pages: "3635--3673",
      year: "2020",
    },
  },
  {
    key: "chizat2019lazy",
    cited: "Chizat et al. 2019",
    kind: "inproceedings",
    fields: {
      author: "Chizat, L{\\'e}na{\\\"i}c and Oyallon, Edouard and Bach, Francis",
      title: "On Lazy Training in Differentiable Programming",
      ...neurips(32, 2019),
    },
  },
  {
    key: "jacot2018neural",
    cited: "Jacot et al. 2018",
    kind: "inproceedings",
    fields: {
      author: "Jacot, Arthur and Gabriel, Franck and Hongler, Cl{\\'e}ment",
      title: "Neural Tangent Kernel: Convergence and Generalization in Neural Networks",
      ...neurips(31, 2018),
    },
  },
  {
    key: "wei2019regularization",
    cited: "Wei et al. 2019",
    kind: "inproceedings",
    fields: {
      author: "Wei, Colin and Lee, Jason D. and Liu, Qiang and Ma, Tengyu",
      title:
        "Regularization Matters: Generalization and Optimization of Neural Nets v.s. their Induced Kernel",
      ...neurips(32, 2019),
    },
  },
  {
    key: "gunasekar2017implicit",
    cited: "Gunasekar et al. 2017",
    kind: "inproceedings",
    fields: {
      author:
        "Gunasekar, Suriya and Woodworth, Blake and Bhojanapalli, Srinadh and Neyshabur, Behnam and Srebro, Nathan",
      title: "Implicit Regularization in Matrix Factorization",
      ...neurips(30, 2017),
    },
  },
  {
    key: "razin2020implicit",
    cited: "Razin & Cohen 2020",
    kind: "inproceedings",
    fields: {
      author: "Razin, Noam and Cohen, Nadav",
      title: "Implicit Regularization in Deep Learning May Not Be Explainable by Norms",
      ...neurips(33, 2020),
    },
  },
];

/**
 * @param sources texts that name papers as "Woodworth et al. 2020"
 * @param version of this program, which is cited too
 */
export function bibtex(sources: readonly string[], version: string): string {
  const cited = entries.filter((entry) => sources.some((source) => source.includes(entry.cited)));
  const program: Entry = {
    key: "alphasweep",
    cited: "",
    kind: "software",
    fields: { title: "alphasweep", version },
  };
  return [...cited, program].map(written).join("\n\n");
}

function written({ key, kind, fields }: Entry): string {
  const lines = Object.entries(fields).map(([name, value]) => `  ${name} = {${value}},`);
  return [`@${kind}{${key},`, ...lines, "}"].join("\n");
}
