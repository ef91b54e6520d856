/** The papers that figures come from, as BibTeX. */

interface Entry {
  key: string;
  /** As sources name it. */
  cited: string;
  kind: "inproceedings" | "article" | "software";
  fields: Record<string, string>;
}

/** Pages where other papers' lists of references, too, give them. */
const neurips = (volume: number, year: number, pages?: string) => ({
  booktitle: "Advances in Neural Information Processing Systems",
  volume: String(volume),
  ...(pages !== undefined && { pages }),
  year: String(year),
});

const iclr = (year: number) => ({
  booktitle: "International Conference on Learning Representations",
  year: String(year),
});

const preprint = (number: string, year: number) => ({
  journal: `arXiv preprint arXiv:${number}`,
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
  {
    key: "gunasekar2018convolutional",
    cited: "Gunasekar et al. 2018",
    kind: "inproceedings",
    fields: {
      author: "Gunasekar, Suriya and Lee, Jason D. and Soudry, Daniel and Srebro, Nathan",
      title: "Implicit Bias of Gradient Descent on Linear Convolutional Networks",
      ...neurips(31, 2018),
    },
  },
  {
    key: "arora2019implicit",
    cited: "Arora et al. 2019",
    kind: "inproceedings",
    fields: {
      author: "Arora, Sanjeev and Cohen, Nadav and Hu, Wei and Luo, Yuping",
      title: "Implicit Regularization in Deep Matrix Factorization",
      ...neurips(32, 2019),
    },
  },
  {
    key: "lyu2020gradient",
    cited: "Lyu & Li 2020",
    kind: "inproceedings",
    fields: {
      author: "Lyu, Kaifeng and Li, Jian",
      title: "Gradient Descent Maximizes the Margin of Homogeneous Neural Networks",
      ...iclr(2020),
    },
  },
  {
    key: "moroshko2020implicit",
    cited: "Moroshko et al. 2020",
    kind: "inproceedings",
    fields: {
      author:
        "Moroshko, Edward and Woodworth, Blake E. and Gunasekar, Suriya and Lee, Jason D. and Srebro, Nathan and Soudry, Daniel",
      title: "Implicit Bias in Deep Linear Classification: Initialization Scale vs Training Accuracy",
      ...neurips(33, 2020, "22182--22193"),
    },
  },
  {
    key: "lewkowycz2020large",
    cited: "Lewkowycz et al. 2020",
    kind: "article",
    fields: {
      author:
        "Lewkowycz, Aitor and Bahri, Yasaman and Dyer, Ethan and Sohl-Dickstein, Jascha and Gur-Ari, Guy",
      title: "The large learning rate phase of deep learning: the catapult mechanism",
      ...preprint("2003.02218", 2020),
    },
  },
  {
    key: "haochen2021shape",
    cited: "HaoChen et al. 2021",
    kind: "inproceedings",
    fields: {
      author: "HaoChen, Jeff Z. and Wei, Colin and Lee, Jason and Ma, Tengyu",
      title: "Shape Matters: Understanding the Implicit Bias of the Noise Covariance",
      booktitle: "Proceedings of Thirty Fourth Conference on Learning Theory",
      series: "Proceedings of Machine Learning Research",
      volume: "134",
      pages: "2315--2357",
      year: "2021",
    },
  },
  {
    key: "pesme2021implicit",
    cited: "Pesme et al. 2021",
    kind: "inproceedings",
    fields: {
      author: "Pesme, Scott and Pillaud-Vivien, Loucas and Flammarion, Nicolas",
      title: "Implicit Bias of {SGD} for Diagonal Linear Networks: a Provable Benefit of Stochasticity",
      ...neurips(34, 2021, "29218--29230"),
    },
  },
  {
    key: "even2023sgd",
    cited: "Even et al. 2023",
    kind: "inproceedings",
    fields: {
      author: "Even, Mathieu and Pesme, Scott and Gunasekar, Suriya and Flammarion, Nicolas",
      title: "{(S)GD} over Diagonal Linear Networks: Implicit bias, Large Stepsizes and Edge of Stability",
      ...neurips(36, 2023, "29406--29448"),
    },
  },
  {
    key: "pesme2023saddle",
    cited: "Pesme & Flammarion 2023",
    kind: "inproceedings",
    fields: {
      author: "Pesme, Scott and Flammarion, Nicolas",
      title: "Saddle-to-Saddle Dynamics in Diagonal Linear Networks",
      ...neurips(36, 2023, "7475--7505"),
    },
  },
  {
    key: "lyu2024dichotomy",
    cited: "Lyu et al. 2024",
    kind: "inproceedings",
    fields: {
      author: "Lyu, Kaifeng and Jin, Jikai and Li, Zhiyuan and Du, Simon S. and Lee, Jason D. and Hu, Wei",
      title: "Dichotomy of Early and Late Phase Implicit Biases Can Provably Induce Grokking",
      ...iclr(2024),
    },
  },
  {
    key: "atanasov2024optimization",
    cited: "Atanasov et al. 2024",
    kind: "article",
    fields: {
      author: "Atanasov, Alexander and Meterez, Alexandru and Simon, James B. and Pehlevan, Cengiz",
      title: "The Optimization Landscape of {SGD} Across the Feature Learning Strength",
      ...preprint("2410.04642", 2024),
    },
  },
  {
    key: "berthier2025diagonal",
    cited: "Berthier 2025",
    kind: "article",
    fields: {
      author: 'Berthier, Rapha{\\"e}l',
      title: "Diagonal Linear Networks and the Lasso Regularization Path",
      ...preprint("2509.18766", 2025),
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
