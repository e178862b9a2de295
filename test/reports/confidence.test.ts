import { expect, it } from 'vitest';
import { renderHtml } from '../../src/reports/html.ts';
import { renderMarkdown } from '../../src/reports/markdown.ts';
import { renderTerminal } from '../../src/reports/terminal.ts';
import { acceptedProposal, report } from './fixtures.ts';

const { comparison, ...proposal } = acceptedProposal();
if (!comparison) throw new Error('the fixture is not compared');
const objective = { ...comparison.objective, confidence: 0.8 };
const run = report({ proposals: [{ ...proposal, comparison: { ...comparison, objective } }] });

it.each([
  [
    'the terminal',
    renderTerminal(run, { color: false, columns: 120 }),
    /^objective .* \+29\.6 to \+48\.0 \(80%\) /m,
  ],
  ['Markdown', renderMarkdown(run), /^\| \*\*objective\*\* .*\| \+29\.6 to \+48\.0 \(80%\) \|/m],
  ['HTML', renderHtml(run), /<small>\+29\.6 to \+48\.0 \(80%\)<\/small>/],
])('%s tells the confidence of an interval that is not 95%', (_, text, row) => {
  expect(text).toMatch(row);
  expect(text).toContain('80% interval');
  expect(text.match(/\(80%\)/g)).toHaveLength(1);
});
