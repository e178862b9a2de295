import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type CheckReport, renderCheckMarkdown } from '../../src/reports/check-report.ts';
import { hostileTexts } from './hostile-fixture.ts';

const small: CheckReport = {
  schema: 1,
  prompts: 2,
  examples: 9,
  errors: [
    { message: 'unknown key "familis"', hint: 'Did you mean "families"?', file: 'promptline.yaml', line: 2 },
  ],
  warnings: ['one label is rare'],
  changed: [
    {
      id: 'a/b',
      changes: ['the prompt'],
      diff: [{ header: '@@ -1 +1 @@', lines: [{ kind: 'added', text: 'New.' }] }],
    },
  ],
};

it('shows every error with its place, every warning and every difference', () => {
  const text = renderCheckMarkdown(small);
  for (const part of [
    '**1 error.** 2 prompts and 9 examples.',
    'promptline.yaml:2: unknown key',
    'rare',
    '+New.',
  ])
    expect(text.replaceAll('\u200B', '')).toContain(part);
  expect(text).not.toContain('left out');
});

it('is no longer than it may be, and says what it leaves out', () => {
  const texts = fc.constantFrom(...hostileTexts, '$'.repeat(5_000), '`'.repeat(5_000), 'short');
  const many = fc.constantFrom(0, 1, 50, 700);
  const limits = fc.constantFrom(2_000, 20_000, 60_000);
  fc.assert(
    fc.property(texts, many, many, many, limits, (text, errors, changed, lines, limit) => {
      const check: CheckReport = {
        ...small,
        errors: Array(errors).fill({ message: text, hint: text, file: text }),
        changed: Array(changed).fill({
          id: text,
          changes: [text, text],
          diff: [{ header: text, lines: Array(lines).fill({ kind: 'removed', text }) }],
        }),
      };
      const shown = renderCheckMarkdown(check, limit);
      expect(shown.length).toBeLessThanOrEqual(limit);
      if (errors > 40) expect(shown).toContain('more errors left out here; check.json has all.');
    }),
    { numRuns: 60 },
  );
});
