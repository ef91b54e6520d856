import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist/", "results/", "site/", "node_modules/", "experiments/data/"] },
  ...tseslint.configs.recommended,
  {
    rules: {
      eqeqeq: "error",
      "no-console": ["error", { allow: ["error", "warn"] }],
      "prefer-const": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
    },
  },
  {
    // An index is trusted (noUncheckedIndexedAccess is off), so that `!` says that something is known, and no more.
    files: ["**/*.ts"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: { "@typescript-eslint/no-unnecessary-type-assertion": "error" },
  },
  { files: ["src/cli/**", "bin/**", "bench/**", "examples/**", "test/**"], rules: { "no-console": "off" } },
);
