import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const text = readFileSync(path.join(root, 'docs/threat-model.md'), 'utf8');

/** The rows of the tables whose last column names tests. */
const attacks = text
  .split('\n## ')
  .filter((part) => part.includes('| Attack | Defence | Test |'))
  .flatMap((part) =>
    part
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .slice(2)
      .map((line) => line.slice(2, -2).split(' | ')),
  );

describe('the threat model', () => {
  it('has the attacks of files, models and GitHub', () => {
    expect(attacks.length).toBeGreaterThan(20);
  });

  it.each(attacks)('names a test for: %s', (...cells) => {
    expect(cells).toHaveLength(3);
    const named = [...(cells[2] ?? '').matchAll(/`([^`]+)`/g)].map(([, file = '']) => file);
    expect(named.length).toBeGreaterThan(0);
    for (const file of named) {
      expect(file).toMatch(/^(?:test\/.*\.test\.ts|\.ci\/run)$/);
      expect({ [file]: existsSync(path.join(root, file)) }).toEqual({ [file]: true });
      expect(statSync(path.join(root, file)).isFile()).toBe(true);
    }
  });
});
