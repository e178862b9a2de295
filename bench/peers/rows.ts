import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A JSON Lines file of examples, in a folder of its own; the server's one answer is right for `right` of them. */
export type Rows = {
  readonly folder: string;
  readonly file: string;
  readonly n: number;
  readonly right: number;
};

const answer = 'sentence number 7';

/** Makes the folder and its rows, of which every second expects what the server answers. */
export function writeRows(folder: string, n: number): Rows {
  const file = path.join(folder, 'rows.jsonl');
  const lines = Array.from({ length: n }, (_, index) =>
    JSON.stringify({
      id: `row-${index}`,
      input: { text: `sentence number ${index}, of a length that is usual for a question someone asks` },
      expected: { text: index % 2 === 0 ? answer : `sentence number ${index + 10}` },
    }),
  );
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${lines.join('\n')}\n`);
  return { folder, file, n, right: Math.ceil(n / 2) };
}
