import { expect, it } from 'vitest';
import { defaultDestination } from '../../src/commands/feedback/destination.ts';

it.each([
  ['telemetry', '/home/[team] a{b}/app/telemetry/promptline-feedback.jsonl'],
  ['telemetry/*.jsonl', '/home/[team] a{b}/app/telemetry/promptline-feedback.jsonl'],
  ['./telemetry/*.jsonl', '/home/[team] a{b}/app/telemetry/promptline-feedback.jsonl'],
])('brackets in the path of the clone are no pattern, beside %s', (path, file) => {
  const sources = [{ type: 'otlp-file' as const, path }];
  expect(defaultDestination('/home/[team] a{b}/app', sources)).toEqual({ kind: 'file', path: file });
});
