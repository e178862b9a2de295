import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { RunReport } from '../../src/reports/run-report.ts';
import { type ProtocolServer, startProtocolServer } from '../protocol-server/server.ts';
import { type FamiliesRepository, familiesRepository } from './families-repository.ts';
import { found, reportIn, run } from './in-process.ts';

const colors = ['red', 'green', 'blue'];
const texts = Array.from({ length: 23 }, (_, index) => `thing number ${index} of 23`);
const color = (index: number) => colors[index % 3] ?? '';
const labels = Object.fromEntries(texts.map((text, index) => [text, color(index)]));

let server: ProtocolServer;
let repository: FamiliesRepository;
beforeAll(async () => {
  server = await startProtocolServer({
    answers: { rule: 'skill', labels, start: 0.6 },
    // Two rows that no shard can measure; with a limit, one of them is alone in its shard.
    failures: ['number 4 ', 'number 17 '].map((contains) => ({ kind: 'status', status: 400, contains })),
  });
  repository = familiesRepository(server.address);
  const rows = texts.map((text, index) => ({
    id: `row-${index}`,
    input: { text, hint: 'look' },
    expected: { color: color(index) },
    tags: [index % 2 === 0 ? 'even' : 'odd'],
    ...(index % 5 === 0 && { cluster: `pair-${Math.floor(index / 10)}` }),
  }));
  repository.remove('datasets/colors/test.yaml');
  const data = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  repository.write('datasets/colors/test.jsonl', data);
  repository.edit('prompts/colors/terse.prompt.yaml', '{{text}}', '{{text}} {{hint}}');
  repository.edit(
    'promptline.yaml',
    'format_compliance: { weight: 0.3 }',
    'format_compliance: { weight: 0.3 }\n      latency: {}\n      tokens: {}',
  );
  repository.commit('the beginning');
  repository.edit('prompts/colors/default.prompt.yaml', 'Name the color.', 'Which color?');
  // One row, and so one shard, that the base of this prompt cannot be measured on.
  repository.edit('prompts/colors/terse.prompt.yaml', '{{text}} {{hint}}', '{{ text }}.');
  repository.write('datasets/colors/test.jsonl', data.replace(',"hint":"look"', ''));
  repository.commit('other wordings');
});
afterAll(async () => {
  repository.delete();
  await server.close();
});

const prompts = ['colors/default', 'colors/terse'];

/** Where the results of a command go; numbered, because vitest may repeat a name. */
let folders = 0;
const nextFolder = () => path.join(repository.root, `out-${++folders}`);

async function evaluate(...args: string[]): Promise<string> {
  const out = nextFolder();
  const { code, stderr } = await run(repository.root, ['evaluate', ...args, '--out', out]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return out;
}

/** The folders of all shards, the last one first and then the others in turn. */
async function evaluateShards(of: number, ...args: string[]): Promise<string[]> {
  const shards: string[] = [];
  for (let index = 1; index <= of; index++) shards.push(await evaluate(...args, '--shard', `${index}/${of}`));
  return [...shards.slice(-1), ...shards.slice(0, -1)];
}

function merge(shards: readonly string[], out = nextFolder()) {
  return run(repository.root, ['merge', ...shards, '--out', out]);
}

/** The rows of a prompt's results file, without what differs between an answer and its copy from the store. */
function results(folder: string, side: string, id: string): unknown[] {
  const lines = readFileSync(path.join(folder, side, `${id}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) =>
    JSON.parse(line, (key, value: unknown) => (key === 'cached' ? undefined : value)),
  );
}

it('measures only examples with one of the tags that are asked for, and says so', async () => {
  const out = await evaluate('colors/default', '--tags', 'odd,none');
  const [{ dataset, examples } = expect.fail('nothing was measured')] = reportIn(out).prompts;
  expect(dataset).toMatchObject({ n: 11, tags: ['odd', 'none'] });
  expect(examples.map(({ example }) => example)).toEqual(
    texts.flatMap((_, index) => (index % 2 === 1 ? [`row-${index}`] : [])),
  );
  expect(readFileSync(path.join(out, 'report.md'), 'utf8')).toContain('11 test examples tagged odd or none');
  expect(await run(repository.root, ['evaluate', 'colors/default', '--tags', 'odds'])).toEqual({
    code: 2,
    stdout: '',
    stderr: 'datasets/colors/test.jsonl: no example has the tag "odds". Tags there are: even, odd.',
  });
});

describe('shards joined are the report of one run', () => {
  const plain = [1, 2, 3, 4, 5, 6, 7].map((of) => [of, prompts] as const);
  it.each([
    ...plain,
    [4, [...prompts, '--repeat', '3']],
    // The rest of these have shards without a row.
    [7, [...prompts, '--limit', '5']],
    [5, [...prompts, '--limit', '3', '--repeat', '2']],
    [3, [...prompts, '--tags', 'even', '--limit', '9']],
    [3, ['--base', 'HEAD~1']],
    [7, ['--base', 'HEAD~1', '--limit', '6', '--repeat', '2']],
    [2, ['--base', 'HEAD']],
  ] as const)('%i shards of evaluate %j', async (of, args) => {
    const whole = await evaluate(...args);
    const shards = await evaluateShards(of, ...args);
    const joined = nextFolder();
    expect(await merge(shards, joined)).toMatchObject({ code: 0 });
    expect(found(reportIn(joined))).toEqual(found(reportIn(whole)));
    const elapsed = (folder: string) => reportIn(folder).prompts.map(({ elapsedMs }) => elapsedMs ?? -1);
    // The shards ran at the same time.
    expect(elapsed(joined)).toEqual(
      elapsed(whole).map((_time, index) => Math.max(...shards.map((shard) => elapsed(shard)[index] ?? -1))),
    );
    for (const { id, comparison } of reportIn(whole).prompts) {
      for (const side of comparison ? ['results', 'base-results'] : ['results'])
        expect(results(joined, side, id)).toEqual(results(whole, side, id));
    }
  });

  it('and fail the gates that the run would fail, which no shard does alone', async () => {
    const file = path.join(repository.root, 'promptline.yaml');
    const before = readFileSync(file, 'utf8');
    onTestFinished(() => writeFileSync(file, before));
    writeFileSync(file, before.replace('gate: { maxDrop: 0.1 }', 'gate: { min: 0.99 }'));
    const shards = await evaluateShards(2, ...prompts);
    const { code, stderr } = await merge(shards);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^gate failed: colors\/default: accuracy is 0\.\d+, below/m);
    expect(stderr).toMatch(/^gate failed: colors\/terse: accuracy is 0\.\d+, below/m);
  });

  it('and take no results of a base that an earlier run left in the folder', async () => {
    const [first = '', second = ''] = [nextFolder(), nextFolder()];
    for (const base of [['--base', 'HEAD~1'], []]) {
      for (const [index, out] of [first, second].entries()) {
        const args = ['colors/default', ...base, '--shard', `${index + 1}/2`, '--out', out];
        expect(await run(repository.root, ['evaluate', ...args])).toMatchObject({ code: 0 });
      }
    }
    const joined = nextFolder();
    expect(await merge([second, first], joined)).toMatchObject({ code: 0 });
    const {
      prompts: [measured],
    }: RunReport = reportIn(joined);
    expect(measured).not.toHaveProperty('comparison');
  });

  it('also where so many were asked so often that a report shows only the worst', async () => {
    const args = ['colors/default', '--repeat', '90'];
    const whole = reportIn(await evaluate(...args));
    expect(whole.prompts[0]?.examples).toHaveLength(200);
    const joined = nextFolder();
    expect(await merge(await evaluateShards(2, ...args), joined)).toMatchObject({ code: 0 });
    expect(found(reportIn(joined))).toEqual(found(whole));
  });
});

describe('merge refuses', () => {
  let shards: string[];
  beforeAll(async () => {
    // In order: the first, the second, the third.
    const [last = '', ...others] = await evaluateShards(3, 'colors/default', '--limit', '12');
    shards = [...others, last];
  });
  const shard = (index: number) => shards[index - 1] ?? '';

  /** Exit code 2, one line, and no report. */
  async function expectRefused(parts: readonly string[], line: string): Promise<void> {
    const out = nextFolder();
    const { code, stdout, stderr } = await merge(parts, out);
    expect({ code, stdout, stderr: stderr.replaceAll(`${repository.root}/`, '') }).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(line),
    });
    expect(() => reportIn(out)).toThrow('ENOENT');
  }

  const name = (folder: string) => path.basename(folder);
  const report = (folder: string) => `${name(folder)}/report.json`;
  const other = 'Run all shards on the same commit with the same options.';

  it('a shard that is missing', () => expectRefused([shard(1), shard(3)], 'shard 2/3 is missing. '));

  it('a shard that is named twice', async () => {
    await expectRefused(
      [shard(1), shard(2), shard(3), shard(2)],
      `${report(shard(2))}: shard 2/3 stands in ${name(shard(2))} too. `,
    );
  });

  it('a run that was not sharded', async () => {
    const whole = await evaluate('colors/default');
    await expectRefused([shard(1), whole], `${report(whole)}: the run was not sharded. `);
  });

  it.each([
    [
      'a shard of another number',
      'part of 4, the first of 3. ',
      ['colors/default', '--limit', '12', '--shard', '2/4'],
    ],
    [
      'other prompts',
      `a run with other prompts than that of `,
      ['colors/terse', '--limit', '12', '--shard', '2/3'],
    ],
    [
      'one prompt more',
      `a run with other prompts than that of `,
      [...prompts, '--limit', '12', '--shard', '2/3'],
    ],
    [
      'another model',
      `a run with another model than that of `,
      ['colors/default', '--model', 'local/large', '--limit', '12', '--shard', '2/3'],
    ],
    [
      'another split',
      `a run with other data than that of `,
      ['colors/default', '--split', 'dev', '--shard', '2/3'],
    ],
    [
      'a base',
      `a run with another base than that of `,
      ['colors/default', '--base', 'HEAD~1', '--limit', '12', '--shard', '2/3'],
    ],
  ])('%s', async (_, line, args) => {
    const foreign = await evaluate(...args);
    await expectRefused([shard(1), foreign, shard(3)], `${report(foreign)}: ${line}`);
  });

  it.each([
    ['another limit', ['--limit', '14']],
    ['another limit whose parts are as many', ['--limit', '11']],
    ['another number of repeats', ['--limit', '12', '--repeat', '2']],
  ])('%s', async (_, args) => {
    const foreign = await evaluate('colors/default', ...args, '--shard', '2/3');
    await expectRefused([shard(1), foreign, shard(3)], other);
  });

  it.each<[string, (file: string, text: string) => void, string]>([
    ['that is gone', (file) => rmSync(file), 'the file does not exist'],
    [
      'that lacks a row',
      (file, text) => writeFileSync(file, text.replace(/^.*\n/, '')),
      'holds 3 results of 4 examples',
    ],
    [
      'that holds a row twice',
      (file, text) => writeFileSync(file, text.replace(/^(.*\n)[^\n]*\n/, '$1$1')),
      'holds the result of "row-',
    ],
    [
      'that holds no row',
      (file, text) => writeFileSync(file, text.replace(/^.*\n/, '{"example": 1}\n')),
      ':1: not a row of results',
    ],
  ])('a results file %s', async (_, damage, line) => {
    const copy = nextFolder();
    cpSync(shard(2), copy, { recursive: true });
    const file = path.join(copy, 'results/colors/default.jsonl');
    damage(file, readFileSync(file, 'utf8'));
    await expectRefused([shard(1), copy, shard(3)], `${name(copy)}/results/colors/default.jsonl`);
    await expectRefused([shard(1), copy, shard(3)], line);
  });

  it.each<[string, string, (text: string) => string, string]>([
    [
      'prompt',
      'prompts/colors/default.prompt.yaml',
      (text) => text.replace('Which', 'What'),
      'prompts/colors/default.prompt.yaml: colors/default is not what the shards measured. ',
    ],
    [
      'dataset',
      'datasets/colors/test.jsonl',
      (text) => text.replace('row-3', 'row-x'),
      'datasets/colors/test.jsonl: the data of colors/default is not what the shards measured. ',
    ],
    [
      'metric',
      'promptline.yaml',
      (text) => text.replace('tokens: {}', ''),
      'promptline.yaml: a metric of colors/default is not what the shards measured. ',
    ],
  ])('a repository whose %s is another one now', async (_, name, change, line) => {
    const file = path.join(repository.root, name);
    const before = readFileSync(file, 'utf8');
    onTestFinished(() => writeFileSync(file, before));
    writeFileSync(file, change(before));
    expect(readFileSync(file, 'utf8')).not.toBe(before);
    await expectRefused(shards, line);
  });

  it('to write over one of the shards', async () => {
    const before = readFileSync(path.join(shard(2), 'report.json'), 'utf8');
    const { code, stderr } = await merge(shards, shard(2));
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('holds a shard, which would be lost'),
    });
    expect(readFileSync(path.join(shard(2), 'report.json'), 'utf8')).toBe(before);
  });
});
