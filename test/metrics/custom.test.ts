import { spawnSync } from 'node:child_process';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inputError } from '../../src/errors.ts';
import { custom } from '../../src/metrics/custom.ts';
import type { CustomScorer, MetricTools } from '../../src/metrics/definition.ts';
import type { MetricInput, Score } from '../../src/metrics/metric.ts';
import { refusal } from '../files/scratch.ts';
import { noTools } from './no-tools.ts';

const TONE = 'metrics/tone.ts';
const SCORE = 'export default () => 1;\n';

const answered: MetricInput = {
  output: 'calm',
  format: { format: 'text', field: 'answer' },
  parsed: { value: { answer: 'calm' }, problems: [] },
  example: { id: 'one', input: { text: 'x' }, expected: { answer: 'calm' }, tags: ['t'], cluster: 'one' },
  completion: { latencyMs: 5, inputTokens: 6, outputTokens: 7, usd: null },
};

/** The tools of a repository with these files, whose code gives what `score` does. */
function repository(
  files: Readonly<Record<string, string>>,
  score: CustomScorer['score'] = async () => 1,
): MetricTools {
  return {
    ...noTools,
    readText: (path) => {
      const text = files[path];
      if (path.startsWith('..')) throw inputError(`"${path}" leads out of the repository`);
      if (text === undefined) throw inputError('the file does not exist', 'Check the path', { file: path });
      return text;
    },
    runCustom: () => ({ score }),
  };
}

function created(options: Record<string, unknown>, tools: MetricTools) {
  return custom.create('tone', custom.options.parse({ file: TONE, ...options }), tools);
}

/** The score where the code gives `given`. */
async function scoreFor(given: unknown, options: Record<string, unknown> = {}): Promise<Score> {
  return created(
    options,
    repository({ [TONE]: SCORE }, async () => given),
  ).score(answered);
}

describe('the files of a custom metric', () => {
  const filesOf = (files: Record<string, string>, file = TONE) => created({ file }, repository(files)).files;

  it('are found without a warning of Node about how they are read', () => {
    const module = path.resolve(import.meta.dirname, '../../src/metrics/custom-files.ts');
    const program = `import { customMetricFiles } from ${JSON.stringify(module)};
      console.log(customMetricFiles('a.ts', () => 'export default (): number => 1;').join());`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
      encoding: 'utf8',
    });
    expect({ stdout, stderr }).toEqual({ stdout: 'a.ts\n', stderr: '' });
  });

  it('are its own and all it imports by relative paths, however they are imported, each once', () => {
    expect(
      filesOf({
        [TONE]: `import { a } from './a.ts';
          import words from '../data/words.json' with { type: 'json' };
          import './side.js';
          export * from './b.mjs';
          import fs from 'node:fs';
          import zod from 'zod';
          export default async (input: { output: string }): Promise<number> => (await import('./late.ts')).c;`,
        'metrics/a.ts': `import { b } from './b.mjs';\nexport const a: number = b;`,
        'metrics/b.mjs': `import './tone.ts';\nexport const b = 1;`,
        'metrics/side.js': '',
        'metrics/late.ts': 'export const c = 1;',
        'data/words.json': '["import \'./nothing.ts\'"]',
      }),
    ).toEqual([
      TONE,
      'metrics/a.ts',
      'data/words.json',
      'metrics/side.js',
      'metrics/b.mjs',
      'metrics/late.ts',
    ]);
  });

  it('are without those that only types come from: Node does not load them', () => {
    expect(filesOf({ [TONE]: `import type { T } from './types';\n${SCORE}` })).toEqual([TONE]);
  });

  it('are the same file under any spelling of its path', () => {
    expect(filesOf({ [TONE]: `import './tone.ts';\n${SCORE}` }, './metrics/../metrics/tone.ts')).toEqual([
      TONE,
    ]);
  });

  it.each([
    ['a missing file', {}, 'metrics/tone.ts: the file does not exist. Check the path.'],
    [
      'a missing import',
      { [TONE]: `import { a } from './a.ts';\n${SCORE}`, 'metrics/a.ts': '\n\nimport "./words";' },
      'metrics/a.ts:3 imports "./words": the file does not exist. Name a file of the repository, with its ending.',
    ],
    [
      'an import that leads out of the repository',
      { [TONE]: `import '../../secrets.ts';\n${SCORE}` },
      'metrics/tone.ts:1 imports "../../secrets.ts": "../secrets.ts" leads out of the repository. Name a file of the repository, with its ending.',
    ],
    [
      'an import by a computed name',
      { [TONE]: `${SCORE}const name = 'a';\nawait import(name);` },
      'metrics/tone.ts:3 imports by a computed name, so nobody can tell which files the metric is made of. Write the name out.',
    ],
    [
      'an import by a name with a gap',
      { [TONE]: `${SCORE}await import(\`./\${1}.ts\`);` },
      'metrics/tone.ts:2 imports by a computed name, so nobody can tell which files the metric is made of. Write the name out.',
    ],
    [
      'code without a default export',
      { [TONE]: 'export const score = () => 1;' },
      'metrics/tone.ts has no default export. Write `export default function score({ output, example }) { ... }`.',
    ],
    [
      'TypeScript that is more than types',
      { [TONE]: `${SCORE}\nenum Tone { calm }` },
      'metrics/tone.ts:3 cannot be parsed: TypeScript enum is not supported in strip-only mode. Node runs TypeScript by leaving out its types: mend the syntax, and write no enum or other construct that becomes code.',
    ],
  ])('are refused for %s, with its place', (_, files, message) => {
    expect(refusal(() => filesOf(files))).toEqual([message]);
  });

  it('are refused for JavaScript that cannot be parsed, with its place', () => {
    const files = { 'metrics/tone.mjs': `${SCORE}import 'a\n` };
    expect(refusal(() => filesOf(files, 'metrics/tone.mjs'))[0]).toMatch(
      /^metrics\/tone\.mjs:2 cannot be parsed/,
    );
  });
});

describe('the options of a custom metric', () => {
  it.each([
    ['a file that is no code', { file: 'metrics/tone.py' }],
    ['no file', {}],
    ['an unknown option', { file: TONE, field: 'x' }],
    ['no time at all', { file: TONE, timeout: 0 }],
  ])('are refused for %s', (_, options) => {
    expect(custom.options.safeParse(options).success).toBe(false);
  });

  it('say its direction and scale, which are higher and graded unless they are told otherwise', () => {
    const tools = repository({ [TONE]: SCORE });
    expect(created({}, tools)).toMatchObject({ direction: 'higher', scale: 'graded', unit: 'ratio' });
    expect(created({ direction: 'lower', scale: 'binary' }, tools)).toMatchObject({
      direction: 'lower',
      scale: 'binary',
    });
  });
});

describe('a custom metric', () => {
  it.each([
    [{ options: { words: ['a'], depth: 2 }, timeout: 0.5 }, { words: ['a'], depth: 2 }, 500],
    [{}, null, 10_000],
  ])(
    'hands the code the answer, its example and the options %j, for so long',
    async (options, own, limit) => {
      const calls: unknown[] = [];
      const tools = repository({ [TONE]: SCORE }, async (...call) => {
        calls.push(call);
        return 1;
      });
      // What a completion holds besides its numbers is not shown twice.
      const completion = { ...answered.completion, text: 'calm', cached: true };
      await created(options, tools).score({ ...answered, completion });
      const { output, parsed } = answered;
      const shown = {
        output,
        parsed,
        example: { id: 'one', input: { text: 'x' }, expected: { answer: 'calm' }, tags: ['t'] },
        completion: { latencyMs: 5, inputTokens: 6, outputTokens: 7, usd: null },
        options: own,
      };
      expect(calls).toEqual([[shown, limit]]);
    },
  );

  it('takes every number from 0 to 1 as it is, bare or with feedback', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 1, noNaN: true }), async (value) => {
        expect(await scoreFor(value)).toEqual({ value, feedback: '' });
        expect(await scoreFor({ value, feedback: 'too loud' })).toEqual({ value, feedback: 'too loud' });
      }),
    );
  });

  it('takes null as having no say on the example', async () => {
    expect(await scoreFor(null)).toEqual({ value: null, feedback: '' });
    expect(await scoreFor({ value: null })).toEqual({ value: null, feedback: '' });
  });

  it('makes no score of any other number', async () => {
    const outside = fc.oneof(
      fc.double({ min: 1, minExcluded: true }),
      fc.double({ max: -Number.MIN_VALUE }),
      fc.constant(Number.NaN),
    );
    await fc.assert(
      fc.asyncProperty(outside, async (value) => {
        await expect(scoreFor(value)).rejects.toThrow(`gave ${value}, not a number from 0 to 1`);
        await expect(scoreFor({ value })).rejects.toThrow(`gave ${value}, not a number from 0 to 1`);
      }),
    );
  });

  it.each([
    [undefined, 'gave undefined, not a number from 0 to 1'],
    ['NaN', 'gave "NaN", not a number from 0 to 1'],
    [true, 'gave true, not a number from 0 to 1'],
    [[1], 'gave [1], not a number from 0 to 1'],
    [{ score: 1 }, 'gave undefined, not a number from 0 to 1'],
    [{ value: '1' }, 'gave "1", not a number from 0 to 1'],
    [{ value: 1, feedback: 3 }, 'gave 3 as feedback, not a text'],
    ['x'.repeat(1000), `gave "${'x'.repeat(58)}…, not a number from 0 to 1`],
  ])('makes no score of %j', async (given, message) => {
    await expect(scoreFor(given)).rejects.toMatchObject({ message, location: { file: TONE } });
  });

  it('holds a binary one to 0 and 1', async () => {
    const binary = { scale: 'binary' };
    expect(await scoreFor(0, binary)).toEqual({ value: 0, feedback: '' });
    expect(await scoreFor({ value: 1 }, binary)).toEqual({ value: 1, feedback: '' });
    expect(await scoreFor(null, binary)).toEqual({ value: null, feedback: '' });
    await expect(scoreFor(0.5, binary)).rejects.toThrow('gave 0.5, which is neither 0 nor 1');
  });

  it('cuts feedback to one line', async () => {
    const { feedback } = await scoreFor({ value: 0, feedback: `first\n  second ${'x'.repeat(2000)}` });
    expect(feedback).toMatch(/^first second x+…$/);
    expect(feedback).toHaveLength(500);
  });

  it('fails as its code does', async () => {
    const tools = repository({ [TONE]: SCORE }, async () => {
      throw inputError('TypeError: x', 'Mend it', { file: TONE, line: 3 });
    });
    await expect(created({}, tools).score(answered)).rejects.toMatchObject({
      location: { file: TONE, line: 3 },
    });
  });
});
