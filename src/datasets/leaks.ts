import { createHash } from 'node:crypto';
import { inputError, type PromptlineError } from '../errors.ts';
import type { Dataset, Example } from './dataset.ts';
import type { Inspect } from './load.ts';

/**
 * One error for each example that stands in two splits, or twice in one. A leak makes a prompt look better than it is: its
 * demonstrations would hold the answers it is measured on. Case, punctuation and spacing do not hide a copy.
 */
export function findLeaks(datasets: readonly Dataset[]): PromptlineError[] {
  const seen = new Map<string, { dataset: Dataset; example: Example }>();
  const errors: PromptlineError[] = [];
  for (const dataset of datasets) {
    for (const example of dataset.examples) {
      const key = fingerprint(example);
      const first = seen.get(key);
      if (first) {
        errors.push(
          inputError(
            `example "${example.id}" has the same input as "${first.example.id}" of ${first.dataset.path}`,
            first.dataset === dataset
              ? 'Remove one of them'
              : 'Keep it in one split only: a leak makes scores too good',
            { file: dataset.path },
          ),
        );
      } else {
        seen.set(key, { dataset, example });
      }
    }
  }
  return errors;
}

/** Refuses an example whose input stands in an earlier row of the same file: it would count twice. */
export function refuseDuplicates(): Inspect {
  const seen = new Map<string, string>();
  return ({ example, place }) => {
    const key = createHash('sha256').update(fingerprint(example)).digest('base64');
    const first = seen.get(key);
    if (first !== undefined) {
      throw inputError(
        `example "${example.id}" has the same input as "${first}"`,
        'Remove one of them',
        place(),
      );
    }
    seen.set(key, example.id);
  };
}

/** Two inputs with one fingerprint ask the same. */
export function fingerprint({ input }: Pick<Example, 'input'>): string {
  const sorted = Object.entries(input).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(sorted, (_, value: unknown) =>
    typeof value === 'string' ? plainWords(value) : value,
  );
}

/**
 * A text without what does not change its meaning. Symbols (+, <, an emoji) do, and so does - * / % before a number;
 * a text of nothing but punctuation stays as it is.
 */
export function plainWords(text: string): string {
  const folded = text.normalize('NFKC').toLowerCase();
  const words = folded
    .replace(/(?![-*/%]\s*\d)[\p{P}\p{Z}\p{C}]/gu, ' ')
    .replace(/ +/g, ' ')
    .trim();
  return words === '' ? folded.trim() : words;
}
