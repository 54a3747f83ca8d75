/** Where the run is told: lines that stay, and a table that is drawn anew in place on a terminal. */
export interface Screen {
  readonly say: (text: string) => void;
  /** A line that the table makes unnecessary on a terminal. */
  readonly note: (text: string) => void;
  /** `hasChanged` is false when only figures moved, which is not worth new lines in a file. */
  readonly showTable: (lines: readonly string[], hasChanged: boolean) => void;
}

interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  readonly write: (text: string) => unknown;
}

export function screenOn(output: Output): Screen {
  let drawnLines = 0;
  return {
    say(text) {
      drawnLines = 0;
      output.write(`${text}\n`);
    },
    note(text) {
      if (!output.isTTY) output.write(`${text}\n`);
    },
    showTable(lines, hasChanged) {
      if (!output.isTTY) {
        if (hasChanged) output.write(`${lines.join('\n')}\n`);
        return;
      }
      const width = Math.max(20, output.columns ?? 80) - 1;
      // a table higher than the window can't be drawn over
      if (drawnLines > 0 && drawnLines < (output.rows ?? 24)) output.write(`\u001B[${drawnLines}A\u001B[J`);
      output.write(lines.map((line) => `${line.slice(0, width)}\n`).join(''));
      drawnLines = lines.length;
    },
  };
}
