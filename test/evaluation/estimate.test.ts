import { expect, it } from 'vitest';
import { estimate } from '../../src/evaluation/estimate.ts';
import { example, prompt } from './scripted.ts';

const preview = (meanOutputTokens: number | null) => ({
  stored: () => false,
  usdOf: (input: number, output: number) => (input + output) / 1e6,
  meanOutputTokens,
});
const rows = [example('a', 'red'), example('b', 'red')];
const limited = { ...prompt, parameters: { maxTokens: 16 } };

it('expects as many tokens of answers as the stored ones had, or as many as are allowed', () => {
  expect(estimate(limited, rows, 3, preview(2.5)).outputTokens).toEqual({ expected: 15, most: 96 });
  expect(estimate(limited, rows, 3, preview(null)).outputTokens).toEqual({ expected: 96, most: 96 });
  expect(estimate(prompt, rows, 3, preview(2.5)).outputTokens).toEqual({ expected: 15, most: null });
});

it('never expects more than is allowed, however long answers to other prompts were', () => {
  const { outputTokens, usd } = estimate(limited, rows, 1, preview(500));
  expect(outputTokens).toEqual({ expected: 32, most: 32 });
  expect(usd.expected).toBe(usd.most);
});
