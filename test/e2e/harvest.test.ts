import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratchFolder } from '../files/scratch.ts';
import { plantPersonalData } from '../redaction/personal-data.ts';
import { span, spansLine } from '../telemetry/otlp-lines.ts';
import { run } from './in-process.ts';

const prompt = 'mail/reply';
const configured = 'telemetry: { sources: [{ type: otlp-file, path: telemetry }] }\n';

/** A repository outside of Git with one prompt, and telemetry of calls with these texts. */
function repositoryWith(texts: readonly string[], { telemetry = configured } = {}): string {
  const root = scratchFolder();
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  write(
    'promptline.yaml',
    `version: 1\n${telemetry}families: { mail: { datasets: datasets/mail, metrics: { rouge_l: { field: reply, weight: 1 } } } }\n`,
  );
  write(
    `prompts/${prompt}.prompt.yaml`,
    'version: 1.0.0\nmodel: local/model\noutput: { format: text, field: reply }\nmessages: [{ role: user, content: "Answer: {{text}}" }]\n',
  );
  for (const split of ['train', 'dev', 'test'])
    write(
      `datasets/mail/${split}.yaml`,
      `examples:\n  - { id: ${split}, input: { text: ${split} of parcels }, expected: { reply: We look into it. } }\n`,
    );
  const calls = texts.map((text, index) =>
    spansLine(
      span({
        ...{ at: index * 1000, user: `user ${index}`, version: index % 2 === 0 ? '1.0.0' : '1.1.0', prompt },
        ...{ failed: index % 2 === 0, variables: { text }, answer: `You wrote: ${text}` },
      }),
    ),
  );
  write('telemetry/data.json', calls.join(''));
  return root;
}

const harvest = (root: string, ...args: string[]) => run(root, ['harvest', '--since', '2026-01-01', ...args]);

describe('a harvest at the command line', () => {
  it('shows no piece of personal data, as lines for people and as JSON', async () => {
    const planted = plantPersonalData('test', 8003, 56).filter(({ kind }) => kind !== null);
    expect(new Set(planted.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(10);
    const root = repositoryWith(planted.map(({ text }) => text));
    const lines = await harvest(root, '--dry-run');
    const json = await harvest(root, '--dry-run', '--json');
    expect([lines.code, json.code]).toEqual([0, 0]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      calls: 56,
      harvested: [{ redacted: { EMAIL: expect.any(Number) } }],
    });
    const everything = [lines, json].flatMap(({ stdout, stderr }) => [stdout, stderr]).join('\n');
    expect(planted.flatMap(({ parts }) => parts).filter((part) => everything.includes(part))).toEqual([]);
  });

  it.each([
    ['no telemetry', '', [], 'promptline.yaml: no telemetry is configured.'],
    ['a family that does not exist', configured, ['post'], 'there is no family "post". There are: mail.'],
    ['everything but a token', configured, [], 'there is no token for GitHub.'],
  ])('says what is wrong before it asks for more: %s', async (_, telemetry, args, says) => {
    const { code, stderr } = await harvest(repositoryWith([], { telemetry }), ...args);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(says) });
  });

  it('says how the versions are measured on its rows', async () => {
    const { stdout } = await harvest(repositoryWith(['A kettle', 'A lamp']), '--dry-run');
    expect(stdout).toContain(
      'promptline evaluate mail/reply --versions 1.1.0,1.0.0 --split train --tags harvested',
    );
  });
});
