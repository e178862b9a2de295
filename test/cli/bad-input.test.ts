import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { reportIn, run } from '../e2e/in-process.ts';
import { scratchFolder } from '../files/scratch.ts';
import { type ProtocolServer, startProtocolServer } from '../protocol-server/server.ts';
import { contents, promptline, repository, testTexts } from './command-line.ts';

type Changes = NonNullable<Parameters<typeof repository>[0]>;

const configuration = 'promptline.yaml';
const prompt = 'prompts/mood/default.prompt.yaml';
const test = 'data/mood/test.yaml';

let server: ProtocolServer;
beforeAll(async () => {
  const labels = Object.fromEntries(testTexts.map((text) => [text, 'good']));
  server = await startProtocolServer({ answers: { rule: 'labels', labels } });
});
afterAll(() => server.close());

/** A repository that asks the server, with `changes`, and with more files beside its own. */
function answering(changes: Changes = {}, more: Readonly<Record<string, string>> = {}): string {
  const folder = repository(changes);
  for (const [name, text] of Object.entries(more)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  const file = path.join(folder, configuration);
  writeFileSync(file, readFileSync(file, 'utf8').replace('http://127.0.0.1:9', server.address));
  return folder;
}

const replace = (from: string, to: string) => (text: string) => {
  expect(text).toContain(from);
  return text.replace(from, to);
};

const row = (id: string, more: Record<string, unknown> = {}) =>
  `${JSON.stringify({ id, input: { text: id }, expected: { mood: 'good' }, ...more })}\n`;

/** JSON Lines in place of the test split. */
const asLines = (text: string): [Changes, Record<string, string>] => [
  { [test]: null },
  { 'data/mood/test.jsonl': text },
];

const withOutput = (output: string): [Changes] => [
  { [prompt]: replace('{ format: label, field: mood, labels: [good, bad] }', output) },
];

describe('is said in one line before anything is asked:', () => {
  it.each<[string, [Changes, Record<string, string>?], string]>([
    [
      'a row without a variable that the prompt needs',
      [{ [test]: replace('text: awful', 'txt: awful') }],
      `${test}:3:5: example "test-2" has no input "text", which ${prompt} uses as {{text}}. Its inputs: txt.`,
    ],
    [
      'such a row in JSON Lines',
      asLines(row('a') + row('b', { input: { text: null, other: 'b' } })),
      `data/mood/test.jsonl:2:1: example "b" has no input "text", which ${prompt} uses as {{text}}. Its inputs: text, other.`,
    ],
    [
      'a row without the labels to choose from',
      withOutput('{ format: label, field: mood, labelsFrom: moods }'),
      `${test}:2:5: example "test-1": input.moods is not a list of labels. Give each example a list of texts there, or name the labels in the prompt under output.labels.`,
    ],
    [
      'a schema that is none',
      withOutput('{ format: json, schema: { type: objct } }'),
      `${prompt}: output.schema is not a JSON Schema: schema is invalid: data/type must be equal to one of the allowed values, data/type must be array, data/type must match a schema in anyOf. Correct the schema in the prompt file.`,
    ],
    [
      'a misspelt key of a gate',
      [{ [configuration]: replace('weight: 1 }', 'weight: 1, gate: { maxDop: 1 } }') }],
      'promptline.yaml:8:72: unknown key "maxDop". Did you mean "maxDrop"?',
    ],
    [
      'a misspelt key of a provider',
      [{ [configuration]: replace('baseUrl', 'baseURL') }],
      'promptline.yaml:3:37: unknown key "baseURL". Did you mean "baseUrl"?',
    ],
    [
      'a misspelt key of a message',
      [{ [prompt]: replace('role: user', 'rol: user') }],
      `${prompt}:6:7: unknown key "rol". Did you mean "role"?`,
    ],
    [
      'a misspelt parameter',
      [{ [prompt]: (text) => `${text}modelParameters: { temprature: 0 }\n` }],
      `${prompt}:7:20: unknown key "temprature". Did you mean "temperature"?`,
    ],
    [
      'a misspelt key of a dataset',
      [{ [test]: (text) => `licence: MIT\n${text}` }],
      `${test}:1:1: unknown key "licence". Did you mean "license"?`,
    ],
    [
      'a misspelt key of a line',
      asLines(row('a') + row('b').replace('expected', 'expcted')),
      'data/mood/test.jsonl:2:32: unknown key "expcted". Did you mean "expected"?',
    ],
    [
      'a dataset file that does not exist',
      [{ [configuration]: replace('datasets: data/mood', 'datasets: { test: data/none.yaml }') }],
      'data/none.yaml: the file does not exist. Check the path.',
    ],
    [
      'an empty configuration',
      [{ [configuration]: '# later\n' }],
      'promptline.yaml:1:1: the file is empty. Write at least `families:`.',
    ],
    [
      'an empty prompt',
      [{ [prompt]: '' }],
      `${prompt}:1:1: the file is empty. Write at least \`messages:\`.`,
    ],
    [
      'an empty file of JSON Lines',
      asLines('\n'),
      'data/mood/test.jsonl:1:1: the dataset has no examples. Write at least one.',
    ],
    [
      'a row that says the same as another',
      [{ [test]: replace('merry', '"Lovely!"') }],
      `${test}:4:5: example "test-3" has the same input as "test-1". Remove one of them.`,
    ],
    [
      'a list for an input',
      [{ [test]: replace('text: awful', 'text: [awful, bad]') }],
      `${test}:3:5: example "test-2" does not give text for input "text", which ${prompt} uses as {{text}}. Its inputs: text.`,
    ],
    [
      'a list for the text of a message',
      [{ [prompt]: replace('content: Name the mood.', 'content: [Name the mood.]') }],
      `${prompt}:5:30: messages.0.content: must be a text, not a list`,
    ],
    [
      'a list for a reference answer',
      [{ [test]: replace('{ mood: good }', '[good]') }],
      `${test}:2:54: examples.0.expected: must be a mapping (\`key: value\`) or a text, not a list`,
    ],
  ])('%s', async (_, changes, line) => {
    const folder = answering(...changes);
    const [before, asked] = [contents(folder), server.stats().requests];
    expect(await run(folder, ['evaluate'])).toEqual({ code: 2, stdout: '', stderr: line });
    expect(contents(folder)).toEqual(before);
    expect(server.stats().requests).toBe(asked);
  });

  it('a key that is missing for the second of two prompts', async () => {
    const second =
      'model: keyed/model\noutput: { format: text, field: mood }\nmessages: [{ role: user, content: "{{text}}" }]\n';
    const keyed = `  keyed: { type: openai-compatible, baseUrl: "${server.address}/v1", apiKeyEnv: SOME_KEY }\n`;
    const folder = answering(
      { [configuration]: (text) => text.replace('families:', `${keyed}families:`) },
      { 'prompts/mood/later.prompt.yaml': second },
    );
    const asked = server.stats().requests;
    const { code, stderr } = await run(folder, ['evaluate']);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^The provider keyed needs a key/),
    });
    expect(server.stats().requests).toBe(asked);
  });
});

describe('data stays data:', () => {
  it('template syntax inside a row is sent as it stands', async () => {
    const hostile = 'lovely {{mood}} {{text}} <%= text %> {% raw %} $& $1';
    const folder = answering({
      [test]: (text) => text.replace('text: lovely', () => `text: ${JSON.stringify(hostile)}`),
    });
    expect(await run(folder, ['evaluate', '--limit', '4'])).toMatchObject({ code: 0 });
    const sent = server.received.slice(-4).flatMap(({ body }) => body['messages']);
    expect(sent).toContainEqual({ role: 'user', content: `Text: ${hostile}` });
  });

  it('a metric that cannot score a row is a failure with a name; the other metrics keep their values', async () => {
    const folder = answering({ [test]: (text) => text.replace('{ mood: good }', '{ mod: good }') });
    const out = path.join(folder, 'out');
    expect(await run(folder, ['evaluate', '--out', out])).toMatchObject({ code: 0 });
    const [report] = reportIn(out).prompts;
    expect(report).toMatchObject({
      metrics: { accuracy: { n: 3, missing: 1 }, latency: { n: 4, missing: 0 } },
      failures: [
        {
          example: 'test-1',
          error: expect.stringMatching(/^metric accuracy: .*expected\.mood is not a text/),
        },
      ],
    });
  });

  it('an id may be anything', async () => {
    const ids = [
      '../../escaped',
      'a\0b',
      '__proto__',
      'constructor',
      'i'.repeat(1_000_000),
      '::error::x\u202e',
    ];
    const folder = answering(
      ...asLines(ids.map((id) => row(id, { input: { text: `lovely ${ids.indexOf(id)}` } })).join('')),
    );
    const [before, out] = [Object.keys(contents(folder)), path.join(folder, 'out')];
    const { code, stderr } = await run(folder, ['evaluate', '--repeat', '2', '--out', out]);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^mood\/default {2}12\/12[^\n]*$/),
    });
    const [report] = reportIn(out).prompts;
    expect(report?.examples.map(({ example }) => example)).toEqual([...ids, ...ids]);
    expect(report?.metrics['accuracy']).toMatchObject({ mean: 1, n: ids.length });
    const added = Object.keys(contents(folder)).filter((name) => !before.includes(name));
    expect(added.filter((name) => !/^(out|\.promptline)\//.test(name))).toEqual([]);
  });

  it('the name of a prompt may be any name of a file', async () => {
    const text = readFileSync(path.join(answering(), prompt), 'utf8');
    const names = ['__proto__', 'constructor', '..x', 'a\n::error::b\u202e', 'n'.repeat(240)];
    const prompts = names.map((name) => [`prompts/mood/${name}.prompt.yaml`, text] as const);
    const folder = answering({}, Object.fromEntries(prompts));
    const out = path.join(folder, 'out');
    const { code, stderr, stdout } = await run(folder, ['evaluate', '--out', out]);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    for (const said of [stderr, stdout]) expect(said).not.toMatch(/^::|\u202e/m);
    const ids = [...names, 'default'].map((name) => `mood/${name}`).sort();
    expect(reportIn(out).prompts.map(({ id }) => id)).toEqual(ids);
    expect(readdirSync(path.join(out, 'results/mood')).sort()).toEqual(
      ids.map((id) => `${id.replace('mood/', '')}.jsonl`).sort(),
    );
  });
});

it('an endpoint that refuses connections is named after a few tries', async () => {
  const folder = repository({ [configuration]: replace(', tries: 1', '') });
  const { code, stderr } = await promptline(folder, ['evaluate']);
  expect({ code, stderr }).toEqual({
    code: 3,
    stderr: expect.stringMatching(
      /^local\/echo: cannot be reached \(ECONNREFUSED\).* Check that a server listens at http:\/\/127\.0\.0\.1:9\/v1 .*\n$/,
    ),
  });
});

describe('a place for results', () => {
  it('that is a file is named before anything is asked', async () => {
    const folder = answering({}, { 'out/results': 'a file' });
    const out = path.join(folder, 'out');
    const asked = server.stats().requests;
    const { code, stderr } = await run(folder, ['evaluate', '--out', out]);
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: expect.stringMatching(
        /results\/mood\/default\.jsonl cannot be written: a file is where a folder is to be \(E\w+\)\. /,
      ),
    });
    expect(server.stats().requests).toBe(asked);
  });

  const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;
  it.skipIf(!canMount)(
    `that is full keeps every answer, those under way included${canMount ? '' : ' (SKIPPED: this machine lets no test mount one)'}`,
    async () => {
      const echo = await startProtocolServer({ latencyMs: 50 });
      onTestFinished(() => echo.close());
      const texts = Array.from({ length: 40 }, (_, index) => `${index} `.padEnd(30_000, 'x'));
      const rows = texts.map((text, index) => row(`row-${index}`, { input: { text } })).join('');
      const folder = scratchFolder({
        ...contents(repository({ [test]: null })),
        'data/mood/test.jsonl': rows,
      });
      const file = path.join(folder, configuration);
      writeFileSync(file, readFileSync(file, 'utf8').replace('http://127.0.0.1:9', echo.address));
      mkdirSync(path.join(folder, 'out'));
      const inside =
        'mount -t tmpfs -o size=100k none out; "$@"; code=$?; find out -type f > left; exit $code';
      const { code, stderr } = await promptline(folder, ['evaluate', '--out', 'out', '--concurrency', '4'], {
        shell: `set -- -rm bash -c '${inside}' bash "$0" "$@"; set -- "$@"; exec unshare "$@"`,
      });
      expect({ code, stderr }).toEqual({
        code: 3,
        stderr: expect.stringMatching(
          /^\S.+out\/results\/mood\/default\.jsonl cannot be written: the disk is full \(ENOSPC\)\. Free some space .+\n$/,
        ),
      });
      expect(readFileSync(path.join(folder, 'left'), 'utf8')).toBe('');
      const database = new DatabaseSync(path.join(folder, '.promptline/answers.sqlite'));
      const stored = database.prepare('SELECT count(*) AS n FROM answers').get()?.['n'];
      database.close();
      expect(stored).toBe(echo.stats().answered);
      expect(echo.stats().answered).toBeLessThan(texts.length);
    },
  );
});
