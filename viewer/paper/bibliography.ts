/** The papers that figures come from, as BibTeX. */

interface Entry {
  key: string;
  /** As sources name it. */
  cited: string;
  kind: "inproceedings" | "article" | "software";
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
    key: "chizat2018global",
    cited: "Chizat & Bach 2018",
    kind: "inproceedings",
    fields: {
      author: "Chizat, L{\\'e}na{\\\"i}c and Bach, Francis",
      title:
        "On the Global Convergence of Gradient Descent for Over-parameterized Models using Optimal Transport",
      ...neurips(31, 2018),
    },
  },
  {
    key: "williams2019gradient",
    cited: "Williams et al. 2019",
    kind: "inproceedings",
    fields: {
      author:
        "Williams, Francis and Trager, Matthew and Silva, Claudio and Panozzo, Daniele and Zorin, Denis and Bruna, Joan",
      title: "Gradient Dynamics of Shallow Univariate {ReLU} Networks",
      ...neurips(32, 2019),
    },
  },
  {
    key: "savarese2019infinite",
    cited: "Savarese et al. 2019",
    kind: "inproceedings",
    fields: {
      author: "Savarese, Pedro and Evron, Itay and Soudry, Daniel and Srebro, Nathan",
      title: "How do infinite width bounded norm networks look in function space?",
      booktitle: "Proceedings of the Thirty-Second Conference on Learning Theory",
      series: "Proceedings of Machine Learning Research",
      volume: "99",
      pages: "2667--2690",
      year: "2019",
    },
  },
  {
    key: "barron1993universal",
    cited: "Barron 1993",
    kind: "article",
    fields: {
      author: "Barron, Andrew R.",
      title: "Universal Approximation Bounds for Superpositions of a Sigmoidal Function",
      journal: "IEEE Transactions on Information Theory",
      volume: "39",
      number: "3",
      pages: "930--945",
      year: "1993",
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
