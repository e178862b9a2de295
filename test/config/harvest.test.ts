import { describe, expect, it } from 'vitest';
import { harvestConfigSchema } from '../../src/config/harvest.ts';

const withPattern = (pattern: string) =>
  harvestConfigSchema.safeParse({ redact: [{ name: 'own', pattern }] });

describe('a rule for personal data of one’s own', () => {
  it.each(['E-\\d{4}', 'staff \\d+', '\\p{Lu}{3}\\d{2,6}'])('may be %s', (pattern) => {
    expect(withPattern(pattern).success).toBe(true);
  });

  it.each([
    ['(a+)+$', 'repeats a repetition'],
    ['(?:\\d+\\s?)*x', 'repeats a repetition'],
    ['(?<=staff )\\d+', 'looks behind'],
    ['[', 'is no regular expression'],
    ['\\d*', 'matches nothing at all'],
  ])('may not be %s', (pattern, why) => {
    const issues = withPattern(pattern).error?.issues.map(({ message }) => message) ?? [];
    expect(issues.join()).toContain(why);
  });

  it('has a name that fits a placeholder', () => {
    expect(harvestConfigSchema.safeParse({ redact: [{ name: 'staff id', pattern: 'E' }] }).success).toBe(
      false,
    );
  });
});
