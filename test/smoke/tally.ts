/** Counts checks of a script that runs outside a test runner and says how they went. */
export class Tally {
  private passed = 0;
  private failed = 0;

  /** Runs one check; one that throws is counted and printed, and the next ones still run. */
  async check(name: string, work: () => Promise<void> | void): Promise<void> {
    try {
      await work();
      this.passed += 1;
      console.log(`✓ ${name}`);
    } catch (error) {
      this.failed += 1;
      console.log(`✗ ${name}\n  ${String(error).replaceAll('\n', '\n  ')}`);
    }
  }

  /** Prints the line that CI reads and sets the exit code. A run without any check is a failure. */
  finish(): void {
    console.log(`${this.passed} passed, ${this.failed} failed`);
    process.exitCode = this.failed === 0 && this.passed > 0 ? 0 : 1;
  }
}
