import { describe, expect, it } from 'vitest';
import { errorMessage } from '../../src/models/request-failure.ts';

describe('the message in what a provider answers', () => {
  it('is the text of a page without its marks', () => {
    expect(errorMessage('<html><h1 class="x">Bad gateway</h1>\n<p>nginx</p></html>')).toBe(
      'Bad gateway nginx',
    );
    expect(errorMessage('a < b')).toBe('a < b');
  });

  it('is found at once in 16 million opening brackets', () => {
    expect(errorMessage('<'.repeat(16 * 2 ** 20))).toMatch(/^<{300}…$/);
  });

  it('is found in JSON that nests without end', () => {
    const depth = 200_000;
    expect(errorMessage('['.repeat(depth) + ']'.repeat(depth))).toMatch(/^\[{300}…$/);
    const errors = `${'{"error":'.repeat(depth)}"lost"${'}'.repeat(depth)}`;
    expect(errorMessage(errors)).toMatch(/^\{"error":/);
  });
});
