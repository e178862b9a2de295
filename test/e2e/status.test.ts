import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { parse, stringify } from 'yaml';
import { startEmulator } from '../emulator/emulator.ts';
import { eventsOf } from '../emulator/payloads.ts';
import { runAction } from '../emulator/runner.ts';
import { filesBelow } from '../files/scratch.ts';
import { callLine, start } from '../telemetry/otlp-lines.ts';
import { run } from './in-process.ts';
import { labelRepository } from './label-repository.ts';

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
const prompt = 'colors/default';

let root: string;

beforeEach(() => {
  const repository = labelRepository('http://127.0.0.1:9', { calls: 100 });
  onTestFinished(repository.remove);
  root = repository.root;
});

function configure(more: object): void {
  const file = path.join(root, 'promptline.yaml');
  writeFileSync(file, stringify({ ...parse(readFileSync(file, 'utf8')), ...more }));
}

const sources = { telemetry: { sources: [{ type: 'otlp-file', path: 'telemetry' }], joinWindow: '1m' } };

/** Calls of users who make no other, from an hour after the start of the fixtures on. */
function happened([from, to]: readonly [number, number], count: number, failed: boolean): void {
  mkdirSync(path.join(root, 'telemetry'), { recursive: true });
  const lines = Array.from({ length: count }, (_, index) => {
    const at = from + ((index + 0.5) / count) * (to - from);
    return callLine({ at, user: `user of ${at}`, version: '1.0.0', prompt, failed });
  });
  appendFileSync(path.join(root, 'telemetry', 'calls.jsonl'), lines.join(''));
}

const incident = 9 * day;

async function status(at: number, args: readonly string[] = [], environment: Record<string, string> = {}) {
  return run(root, ['status', ...args], { environment, now: () => start + at });
}

it('asks for telemetry to tell of alerts where none is configured', async () => {
  const { code, stdout, stderr } = await status(incident, ['--alert']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('no telemetry is configured. Name it under `telemetry.sources`');
});

describe('with telemetry', () => {
  beforeEach(() => {
    configure(sources);
    happened([0, incident], 9 * 24 * 10, false);
    happened([incident, incident + hour], 120, true);
  });

  it('shows windows by version, what is wrong, and on which evidence', async () => {
    const { code, stdout, stderr } = await status(incident + hour);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/last hour +1\.0\.0 +unknown +120 +120 +0\.0 %/);
    expect(stdout).toMatch(/7 d before +1\.0\.0 +unknown +1,680 +1,680 +100\.0 % +800 ms/);
    expect(stdout).toContain('firing  colors/default: success is 0.0 % (rule success)');
    expect(stdout).toContain(
      '120 users: 0.0 % against 100.0 % in the baseline; it alerts on a drop of more than 15 %, below 85.0 %',
    );
    expect(stdout).toContain('At most 10 mistaken alerts in 1,000 days.');
  });

  it('gives the same as JSON', async () => {
    const { stdout } = await status(incident + hour, ['--json']);
    const { schema, monitoring } = JSON.parse(stdout);
    const [only] = monitoring.prompts;
    const firing = only.alerts.filter(({ state }: { state: string }) => state === 'firing');
    expect({ schema, prompt: only.prompt }).toEqual({ schema: 1, prompt });
    expect(firing).toMatchObject([
      {
        kind: 'rule',
        rule: { name: 'success' },
        arm: 'stable',
        judgement: { n: 120, value: 0, baseline: 1 },
      },
      { kind: 'rule', rule: { name: 'success_day' } },
    ]);
  });

  it('names a prompt that does not exist before it reads', async () => {
    expect(await status(incident, ['colors/defualt'])).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('status --alert', () => {
  async function onGitHub() {
    const emulator = await startEmulator();
    onTestFinished(() => emulator.close());
    const repository = await emulator.repository('octo/app', { files: { 'README.md': 'hello' } });
    const messages: string[] = [];
    const hook = createServer((request, response) => {
      let body = '';
      request.on('data', (part) => (body += part));
      request.on('end', () => {
        messages.push(JSON.parse(body).text);
        response.end('ok');
      });
    });
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void hook.close());
    const environment = {
      GITHUB_TOKEN: emulator.tokens.workflow(repository, { issues: 'write' }),
      GITHUB_REPOSITORY: 'octo/app',
      GITHUB_API_URL: emulator.urls.api,
      HOOK: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`,
    };
    const issues = () =>
      [...repository.issues.values()].map(({ state, title, body }) => ({ state, title, body }));
    const look = async (at: number) => {
      const { code, stderr } = await status(at, ['--alert'], environment);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(emulator.violations).toEqual([]);
    };
    return { repository, issues, messages, look };
  }

  beforeEach(() => {
    const rules = { success: { metric: 'success', drop: '15%', window: '1h' } };
    configure({ ...sources, monitoring: { rules }, alerts: [{ type: 'slack', urlEnv: 'HOOK' }] });
    happened([0, incident], 9 * 24 * 10, false);
    happened([incident, incident + 2 * hour], 240, true);
    happened([incident + 2 * hour, incident + 6 * hour], 480, false);
  });

  it('tells once that an alert fires and once that it is resolved, however often one looks', async () => {
    const { issues, messages, look } = await onGitHub();
    await look(incident - hour);
    expect(issues()).toEqual([]);
    for (const minutes of [50, 70, 119]) await look(incident + minutes * minute);
    expect(issues()).toMatchObject([
      { state: 'open', title: 'colors/default: success is 0.0 % (rule success)' },
    ]);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain('*colors/default: success is');
    for (const hours of [4.1, 4.2, 5.5]) await look(incident + hours * hour);
    expect(issues()).toMatchObject([{ state: 'closed' }]);
    expect(issues()[0]?.body).toContain('**Resolved, seen 2026-03-10 04:06 UTC:**');
    expect(messages).toHaveLength(2);
    expect(messages[1]).toContain('*colors/default: resolved: success is 100.0 %');
  });

  it('opens another issue when it fires again, and none while a person who closed it knows', async () => {
    const { repository, issues, messages, look } = await onGitHub();
    await look(incident + hour);
    for (const issue of repository.issues.values()) {
      issue.state = 'closed';
      issue.closedAt = new Date(start + incident + 1.1 * hour).toISOString();
    }
    await look(incident + 1.5 * hour);
    expect(issues()).toMatchObject([{ state: 'closed' }]);
    await look(incident + 5 * hour);
    happened([incident + 6 * hour, incident + 7 * hour], 120, true);
    await look(incident + 7 * hour);
    expect(issues()).toMatchObject([{ state: 'closed' }, { state: 'open' }]);
    expect(messages).toHaveLength(2);
  });

  it('closes nothing when telemetry is gone, and what is not watched any more', async () => {
    const { issues, look } = await onGitHub();
    await look(incident + hour);
    await look(incident + 60 * day);
    expect(issues()).toMatchObject([{ state: 'open' }]);
    const rules = { slow: { metric: 'latency', above: 5000 } };
    configure({ monitoring: { rules } });
    await look(incident + hour);
    expect(issues()).toMatchObject([{ state: 'closed' }]);
  });
});

it('is the summary of its job', async () => {
  configure(sources);
  const emulator = await startEmulator();
  onTestFinished(() => emulator.close());
  const repository = await emulator.repository('octo/app', { files: filesBelow(root) });
  const token = emulator.tokens.workflow(repository, { contents: 'read', issues: 'write' });
  const { exitCode, summary } = await runAction({
    emulator,
    repository,
    event: await eventsOf(emulator.github, repository).schedule('*/15 * * * *'),
    token,
    inputs: { 'github-token': token, command: 'status --alert' },
  });
  expect(exitCode).toBe(0);
  expect(summary).toMatch(/^# Production\n\n## colors\/default\n\nNo calls\.\n\nTelemetry from /);
});
