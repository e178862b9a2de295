import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesBelow } from '../files/scratch.ts';
import { callLine } from '../telemetry/otlp-lines.ts';
import { promptline, repository } from './command-line.ts';

const asked = 'My kettle sings since Priya Raman (priya@example.org) moved in';

function withTelemetry() {
  const source = "telemetry: { sources: [{ type: otlp-file, path: 'telemetry.json' }] }\n";
  const folder = repository({ 'promptline.yaml': (text) => source + text });
  const call = { at: 0, user: 'ada', version: '1.0.0', prompt: 'mood/default' };
  appendFileSync(
    path.join(folder, 'telemetry.json'),
    callLine({ ...call, variables: { text: asked }, answer: 'good' }) + callLine({ ...call, at: 1 }),
  );
  return folder;
}

describe('harvest --dry-run', () => {
  const args = ['harvest', '--dry-run', '--since', '2026-01-01'];

  it('tells in counts what would be proposed, without a token, and changes no file', async () => {
    const folder = withTelemetry();
    const before = filesBelow(folder);
    const { code, stdout, stderr } = await promptline(folder, args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('2 calls of production, 1 call without text\n');
    expect(stdout).toContain('mood  1 row, 0 with a reference\n');
    expect(stdout).toContain('taken out: 1 EMAIL, 1 PERSON\n');
    expect(stdout).not.toMatch(/kettle|Priya|example\.org/);
    expect(filesBelow(folder)).toEqual(before);
  });

  it('gives the same as one JSON document', async () => {
    const { code, stdout } = await promptline(withTelemetry(), [...args, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 1,
      command: 'harvest',
      harvested: [{ family: 'mood', outcome: null, rows: 1, redacted: { EMAIL: 1, PERSON: 1 } }],
    });
  });

  it.each([
    [['--since', 'yesterday'], 'Give a time, as 7d, or a day, as 2026-01-31.'],
    [['--limit', '2001'], 'Give at most 2000.'],
    [['mooood'], 'there is no family "mooood". There are: mood'],
  ])('refuses %j', async (more, says) => {
    const { code, stderr } = await promptline(withTelemetry(), ['harvest', '--dry-run', ...more]);
    expect({ code, says: stderr.includes(says) }).toEqual({ code: 2, says: true });
  });
});
