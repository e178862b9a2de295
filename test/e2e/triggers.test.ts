import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { parse, stringify } from 'yaml';
import { writeScorebook } from '../../src/commands/scorebook-file.ts';
import { loadSplit, loadTask, openWorkspace } from '../../src/commands/workspace.ts';
import { promptDigest } from '../../src/prompts/version.ts';
import { callLine, logsLine, score, span, spanIds, spansLine, start } from '../telemetry/otlp-lines.ts';
import { run } from './in-process.ts';
import { labelRepository } from './label-repository.ts';

let root: string;

beforeEach(() => {
  const repository = labelRepository('http://127.0.0.1:9', { calls: 100 });
  onTestFinished(repository.remove);
  root = repository.root;
});

const broken = (name: string) =>
  writeFileSync(path.join(root, 'prompts', 'colors', `${name}.prompt.yaml`), 'messages: [\n');

it('names a prompt that was never optimized', async () => {
  expect(await run(root, ['triggers'])).toMatchObject({
    code: 0,
    stdout: 'colors/default: it was never optimized\n',
    stderr: '',
  });
});

it('names a prompt that does not load, and goes on with the others', async () => {
  broken('other');
  const { code, stdout, stderr } = await run(root, ['triggers']);
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'colors/default: it was never optimized\n' });
  expect(stderr).toMatch(/^prompts\/colors\/other\.prompt\.yaml:2:1: /);
});

it('fails where no prompt loads, in place of saying that nothing is due', async () => {
  broken('default');
  const { code, stdout, stderr } = await run(root, ['triggers', 'colors/default']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^prompts\/colors\/default\.prompt\.yaml:2:1: /);
});

const [hour, day] = [3_600_000, 86_400_000];
const prompt = 'colors/default';
/** When the looks of the following tests are: noon of the twelfth day. */
const noon = 11 * day + 12 * hour;

/** The prompt's scorebook speaks of it as it is. */
function measuredOn(date: string): void {
  const workspace = openWorkspace(root);
  const task = loadTask(workspace, path.join(root, 'prompts/colors/default.prompt.yaml'));
  const { path: file, digest, examples } = loadSplit(workspace, task, 'test');
  const entry = {
    version: '1.0.0',
    digest: promptDigest(task.prompt),
    date,
    model: task.prompt.model,
    dataset: { path: file, digest, n: examples.length },
    objective: { mean: 0.9, interval: null, n: 60 },
    metrics: {},
  };
  writeScorebook(root, prompt, { entries: [entry], folders: [root] });
}

function configure(more: object): void {
  const file = path.join(root, 'promptline.yaml');
  writeFileSync(file, stringify({ ...parse(readFileSync(file, 'utf8')), ...more }));
}

function recorded(...lines: readonly string[]): void {
  mkdirSync(path.join(root, 'telemetry'), { recursive: true });
  writeFileSync(path.join(root, 'telemetry', 'calls.jsonl'), lines.join(''));
  configure({
    telemetry: { sources: [{ type: 'otlp-file', path: 'telemetry' }] },
    triggers: { schedule: 'never' },
  });
}

/** Calls of users who make no other, evenly over a time; every so many fail. */
function calls([from, to]: readonly [number, number], count: number, failing: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const at = from + ((index + 0.5) / count) * (to - from);
    const failed = index % failing === 0;
    return callLine({ at, user: `user of ${at}`, version: '1.0.0', prompt, failed });
  });
}

async function triggers(...args: readonly string[]) {
  return run(root, ['triggers', ...args], { now: () => start + noon });
}

async function decisions() {
  const { stdout } = await triggers('--json');
  return JSON.parse(stdout);
}

describe('the schedule', () => {
  it.each([
    ['2026-03-12', 'Nothing is due.\n'],
    [
      '2026-03-11',
      'colors/default: it was last measured or proposed 36 h 0 min ago, on 2026-03-11 00:00 UTC; it is due every 24 h 0 min\n',
    ],
  ])('counts from the day of the last scorebook entry, %s', async (date, stdout) => {
    measuredOn(date);
    expect(await triggers()).toMatchObject({ code: 0, stdout, stderr: '' });
  });

  it('counts from the last proposal, too', async () => {
    measuredOn('2026-03-09');
    const environment = { ...process.env, GIT_COMMITTER_DATE: new Date(start + noon - hour).toISOString() };
    const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: root, env: environment });
    git('init', '-q');
    const identity = ['-c', 'user.name=a', '-c', 'user.email=a@b.c'];
    git(...identity, 'commit', '-q', '--allow-empty', '-m', 'a proposal');
    git('update-ref', 'refs/remotes/origin/promptline/colors/default', 'HEAD');
    expect(await triggers()).toMatchObject({ stdout: 'Nothing is due.\n' });
  });

  it('can be left out', async () => {
    measuredOn('2026-01-01');
    configure({ triggers: { schedule: 'never' } });
    expect(await triggers()).toMatchObject({ stdout: 'Nothing is due.\n' });
  });
});

describe('production', () => {
  const usual = calls([0, 10 * day], 2000, 20);

  it('makes a prompt due by a metric that fell by 15 %', async () => {
    measuredOn('2026-03-01');
    recorded(...usual, ...calls([11 * day, noon], 400, 3));
    const { code, stdout, stderr } = await triggers();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^colors\/default: success fell by 30\.0 %: from 95\.0 % in the baseline to 66\.5 %; \d+ users from 2026-03-12 00:00 UTC to 2026-03-12 12:00 UTC; evidence over 1,000,000,000 to 1 of the 40 to 1 that it takes\n$/,
    );
    const { due, matrix, atOnce } = await decisions();
    expect(due).toMatchObject([{ family: 'colors', ids: [prompt] }]);
    expect(matrix).toEqual({ include: [{ family: 'colors', ids: prompt }] });
    expect(atOnce).toBe(3);
  });

  it.each([
    ['fell by less', [...usual, ...calls([10.9 * day, noon], 400, 8)]],
    ['may have fallen by chance', [...usual, ...calls([11 * day, noon], 12, 3)]],
  ])('makes no prompt due by a metric that %s', async (_, lines) => {
    measuredOn('2026-03-01');
    recorded(...lines);
    expect(await triggers()).toMatchObject({ stdout: 'Nothing is due.\n', stderr: '' });
  });

  it('waits for the cool-down, and says what it leaves', async () => {
    measuredOn('2026-03-12');
    recorded(...usual, ...calls([11 * day, noon], 400, 3));
    const { stdout } = await triggers();
    expect(stdout).toMatch(
      /^Nothing is due\.\ncolors\/default: not due before 2026-03-13T00:00:00\.000Z, although success fell by/,
    );
    const { due, decisions: decided } = await decisions();
    expect(due).toEqual([]);
    expect(decided).toMatchObject([
      { id: prompt, isDue: false, reasons: [{ kind: 'performance drop', evidence: { metric: 'success' } }] },
    ]);
    configure({ triggers: { schedule: 'never', cooldown: '6h' } });
    expect((await decisions()).due).toHaveLength(1);
  });

  /** A call with what its user said of it. */
  function said(index: number, value: number, version = '1.0.0'): string {
    const [own, at] = [spanIds(), 9 * day + index * 60_000];
    const call = { at, user: `user ${index}`, version, prompt };
    return (
      spansLine(span(call, own, true)) + logsLine(score({ at: at + 1000, name: 'user_feedback', value }, own))
    );
  }

  it.each([
    [50, 0.48, 1],
    [49, 0.2, 0],
    [60, 0.5, 0],
  ])('%i feedback items with a mean of %d: %i families are due', async (items, mean, due) => {
    measuredOn('2026-03-01');
    const good = Math.round(items * mean);
    recorded(...Array.from({ length: items }, (_, index) => said(index, index < good ? 1 : 0)));
    const answer = await decisions();
    expect(answer.due).toHaveLength(due);
    if (due > 0)
      expect(answer.due[0].reasons).toEqual([
        `colors/default: ${items} feedback items with a mean of ${mean}; 50 with a mean under 0.5 make it due`,
      ]);
  });

  it('does not hear what users said of another version', async () => {
    measuredOn('2026-03-01');
    recorded(...Array.from({ length: 80 }, (_, index) => said(index, 0, '0.9.0')));
    expect((await decisions()).due).toEqual([]);
  });

  /** A call with the texts that an application may record. */
  function asked(at: number, text: string, responseModel: string): string {
    const whole = span({ at, user: `user of ${at}`, version: '1.0.0', prompt }, spanIds(), true);
    const more = {
      'gen_ai.request.model': 'small',
      'gen_ai.response.model': responseModel,
      'promptline.prompt.variables': JSON.stringify({ text }),
    };
    const added = Object.entries(more).map(([key, stringValue]) => ({ key, value: { stringValue } }));
    return spansLine({ ...whole, attributes: [...whole.attributes, ...added] });
  }

  const weeks = (text: (index: number) => string, model: (at: number) => string) =>
    Array.from({ length: 11 * 300 }, (_, index) => {
      const at = (index * day) / 300;
      return asked(at, text(at), model(at));
    });

  it('makes a prompt due by inputs that became others, and by a model that did, unless told otherwise', async () => {
    measuredOn('2026-03-01');
    const text = (at: number) =>
      at < 10 * day ? 'the sky over the sea' : 'ein Auto und ein Haus in der Stadt';
    recorded(...weeks(text, (at) => (at < 10 * day ? 'small-1' : 'small-2')));
    const { due, decisions: decided } = await decisions();
    expect(decided[0].reasons.map(({ kind }: { kind: string }) => kind)).toEqual([
      'input shift',
      'model drift',
    ]);
    expect(due[0].reasons[0]).toMatch(
      /^colors\/default: input shift: length, language, words; 2026-03-11 00:00 UTC to 2026-03-12 00:00 UTC against/,
    );
    expect(due[0].reasons[1]).toContain('model drift of 1.0.0 small: now small-2 answers');
    configure({ triggers: { schedule: 'never', inputShift: false, modelDrift: false } });
    expect((await decisions()).due).toEqual([]);
  });

  it.each([
    ['2026-03-11', 1],
    // The drift began to fire as this day began.
    ['2026-03-12', 0],
  ])(
    'makes a prompt due by drift that was not there when its version was measured, %s',
    async (date, due) => {
      measuredOn(date);
      const text = (at: number) => (at < 10 * day ? 'the sky over the sea' : 'ein Auto in der Stadt');
      recorded(...weeks(text, () => 'small-1'));
      configure({ triggers: { schedule: 'never', cooldown: '6h' } });
      expect((await decisions()).due).toHaveLength(due);
    },
  );

  it('is left out where reading takes too long, and the other reasons hold', async () => {
    recorded(...usual);
    let now = start + noon;
    const answer = await run(root, ['triggers'], { now: () => (now += 60_000) });
    expect(answer).toMatchObject({ code: 0, stdout: 'colors/default: it was never optimized\n' });
    expect(answer.stderr).toContain(
      'production was not looked at: reading telemetry takes longer than it may',
    );
  });

  it('is not asked about a prompt that somebody asks for', async () => {
    measuredOn('2026-03-12');
    recorded('not telemetry\n');
    expect(await triggers(prompt)).toMatchObject({
      stdout: 'colors/default: it was asked for\n',
      stderr: '',
    });
  });
});
