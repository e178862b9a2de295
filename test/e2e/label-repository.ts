import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';

/** Requests at once to the server. */
export const concurrency = 4;

const labels = ['red', 'green', 'blue'];

/** The right answer for each text of the repository made by `labelRepository`. */
export const labelAnswers: Record<string, string> = Object.fromEntries(
  ['train', 'dev', 'test'].flatMap((split) =>
    rowsOf(split).map(({ input, expected }) => [input.text, expected.color]),
  ),
);

/** A repository in a temporary folder whose prompt asks a server at `address`. */
export function labelRepository(address: string, { calls }: { calls: number }) {
  const root = mkdtempSync(path.join(tmpdir(), 'promptline-e2e-'));
  const write = (file: string, content: unknown) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), stringify(content));
  };
  write('promptline.yaml', {
    version: 1,
    models: { task: 'local/model' },
    concurrency,
    providers: { local: { type: 'openai-compatible', baseUrl: `${address}/v1` } },
    families: {
      colors: {
        datasets: 'datasets/colors',
        metrics: { accuracy: { use: 'label_accuracy', field: 'color', weight: 1 } },
        optimize: { calls, maxDemonstrations: 9 },
      },
    },
  });
  write('prompts/colors/default.prompt.yaml', {
    version: '1.0.0',
    modelParameters: { temperature: 0, maxTokens: 5 },
    output: { format: 'label', field: 'color', labels },
    messages: [
      { role: 'system', content: 'Name the color. Answer red, green or blue.' },
      { role: 'user', content: 'Text: {{text}}' },
    ],
  });
  for (const split of ['train', 'dev', 'test'])
    write(`datasets/colors/${split}.yaml`, { examples: rowsOf(split) });
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}

function rowsOf(split: string) {
  const count = split === 'test' ? 60 : 30;
  return Array.from({ length: count }, (_, index) => ({
    id: `${split}-${index}`,
    input: { text: `${split} thing number ${index} of ${count}` },
    expected: { color: labels[index % 3] ?? '' },
  }));
}
