export interface TextStream {
  write(text: string): unknown;
}

/** Where a command writes its result: text for people or one JSON document for programs. */
export class Output {
  constructor(private readonly stream: TextStream) {}

  line(text: string): void {
    this.text(`${text}\n`);
  }

  /** As it is; ends its last line itself. */
  text(text: string): void {
    this.stream.write(text);
  }

  json(value: unknown): void {
    this.line(JSON.stringify(value));
  }

  /** Columns as wide as their widest cell. */
  table(header: readonly string[], rows: ReadonlyArray<readonly string[]>): void {
    const lines = [header, ...rows];
    const widths = header.map((_, column) =>
      Math.max(...lines.map((line) => (line[column] ?? '').length)),
    );
    for (const line of lines) {
      this.line(
        line
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd(),
      );
    }
  }
}
