import { describe, expect, it } from 'vitest';
import { outsideError } from '../../src/errors.ts';
import { renderCheckMarkdown } from '../../src/reports/check-report.ts';
import { failedComment } from '../../src/reports/comment.ts';
import { renderMarkdown, summaryLimit } from '../../src/reports/markdown.ts';
import { pullRequestTitle } from '../../src/reports/pull-request.ts';
import { activeIn } from '../hostile/inert-markdown.ts';
import { acceptedProposal } from './fixtures.ts';
import { hostileReport } from './hostile-report.ts';

/** What GitHub takes of a comment, in characters, and of a job's summary, in bytes. */
const commentLimit = 65_536;
const summaryBytes = 1024 * 1024;

/** Signs that grow most when they are made inert, and one that needs three bytes. */
const texts = ['$'.repeat(3_000), '\\|'.repeat(3_000), '<@octocat> '.repeat(1_000), '東'.repeat(3_000)];

describe.each(texts)('of a text that grows: %.12s', (text) => {
  it('a failed run is a comment that GitHub takes', () => {
    const errors = Array.from({ length: 30 }, () => outsideError(text, text));
    const body = failedComment(errors, { commit: 'a'.repeat(40), runUrl: null });
    expect(body.length).toBeLessThan(commentLimit);
    expect(body).toContain('10 more in the log');
    expect(activeIn(body)).toEqual([]);
  });

  it('a check is a comment that GitHub takes', () => {
    const lines = Array.from({ length: 400 }, () => ({ kind: 'added' as const, text }));
    const body = renderCheckMarkdown({
      schema: 1,
      prompts: 100,
      examples: 0,
      errors: Array.from({ length: 100 }, () => ({ message: text, hint: text, file: text, line: 1 })),
      warnings: Array.from({ length: 100 }, () => text),
      changed: Array.from({ length: 100 }, () => ({
        id: text,
        changes: Array.from({ length: 100 }, () => text),
        diff: [{ header: text, lines }],
      })),
    });
    expect(body.length).toBeLessThan(commentLimit);
    expect(body).toMatch(/more prompts left out here/);
    expect(activeIn(body)).toEqual([]);
  });

  it('a report is a summary that GitHub takes', () => {
    const summary = renderMarkdown(hostileReport(text, 60), summaryLimit);
    expect(Buffer.byteLength(summary)).toBeLessThan(summaryBytes);
    expect(summary.length).toBeGreaterThan(summaryLimit / 4);
  });
});

it('a large change of honest prompts is told whole as long as it fits', () => {
  const lines = Array.from({ length: 20 }, (_, index) => ({ kind: 'added' as const, text: `line ${index}` }));
  const changed = Array.from({ length: 40 }, (_, index) => ({
    id: `family/prompt_${index}`,
    changes: ['the prompt'],
    diff: [{ header: '@@ -1 +1 @@', lines }],
  }));
  const body = renderCheckMarkdown({
    schema: 1,
    prompts: 40,
    examples: 1,
    errors: [],
    warnings: [],
    changed,
  });
  expect(body.match(/<details>/g)).toHaveLength(40);
  expect(body).not.toContain('left out');
});

it('a title and a commit tell nobody and refer to nothing', () => {
  const to = '1.1.0 @octocat fixes #1, GH-1, octo/app#1 https://evil.example \u202e\n::add-mask::x';
  const title = pullRequestTitle({ ...acceptedProposal(), to });
  expect(activeIn(title)).toEqual([]);
  expect(title).not.toMatch(/::/);
});
