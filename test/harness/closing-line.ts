import type { Reporter, TestModule, TestRunEndReason } from "vitest/node";

/** Ends the output with `N passed, N failed, N skipped`, and nothing after it. */
export class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[], reason: TestRunEndReason): void {
    const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    let broken = errors.length;
    for (const module of modules) {
      broken += module.errors().length;
      for (const test of module.children.allTests()) counts[test.result().state] += 1;
    }
    const failed =
      counts.failed +
      counts.pending +
      (reason === "passed" ? 0 : counts.failed > 0 ? 0 : Math.max(1, broken));
    // Printed when everything else has been: the default reporter writes its summary in the same event.
    process.on("exit", () => {
      process.stdout.write(`\n${counts.passed} passed, ${failed} failed, ${counts.skipped} skipped\n`);
    });
  }
}
