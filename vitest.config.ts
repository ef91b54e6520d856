import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "node",
          environment: "node",
          include: ["test/{data,document,theory,results,cli,figures}/**/*.test.ts"],
          testTimeout: 120_000,
        },
      },
    ],
  },
});
