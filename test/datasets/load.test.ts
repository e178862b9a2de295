import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ExampleSource } from '../../src/datasets/dataset.ts';
import { requireInputs } from '../../src/datasets/inputs.ts';
import { refuseDuplicates } from '../../src/datasets/leaks.ts';
import { type Inspect, loadDataset, openDataset, splitFile } from '../../src/datasets/load.ts';
import { limitTo, shardOf } from '../../src/datasets/select.ts';
import { refusal, scratchFolder } from '../files/scratch.ts';

const load = (name: string, content: string | Buffer, inspect?: Inspect) =>
  loadDataset(path.join(scratchFolder({ [name]: content }), name), name, 'test', inspect);
const yaml = (content: string, inspect?: Inspect) => load('d.yaml', content, inspect);
const lines = (content: string | Buffer) => load('d.jsonl', content);

const one = '- { id: a, input: { q: x }, expected: { y: z } }\n';
const oneLine = '{"id": "a", "input": {"q": "x"}, "expected": {"y": "z"}}\n';
const example = { id: 'a', input: { q: 'x' }, expected: { y: 'z' }, tags: [], cluster: 'a' };

describe('a dataset', () => {
  it('is a bare list or has a head, YAML or JSON Lines, with one digest for the same examples', () => {
    const all = [
      yaml(one),
      yaml(`# comment\nversion: "1"\nlicense: MIT\nexamples:\n${one}`),
      yaml('-   expected: {y: "z"}\n    input:\n        q: x\n    id: a\n'),
      lines(oneLine),
    ];
    for (const { examples, split, digest } of all) {
      expect({ examples, split }).toEqual({ examples: [example], split: 'test' });
      expect(digest).toBe(all[0]?.digest);
    }
  });

  it('has another digest for any other example', () => {
    const digests = [
      one,
      one.replace('id: a', 'id: b'),
      one.replace('q: x', 'q: X'),
      one.replace('y: z', 'y: w'),
      one.replace(' } }', ' }, tags: [t] }'),
      one.replace(' } }', ' }, cluster: c }'),
      `${one}${one.replace('id: a', 'id: b')}`,
    ].map((text) => yaml(text).digest);
    expect(new Set(digests).size).toBe(digests.length);
  });

  it('takes a text for the expected answer and numbers for ids, tags and clusters', () => {
    const text =
      '- { id: 7, input: {}, expected: yes, tags: [t], cluster: c }\n- { id: "8", input: {}, expected: "" }\n';
    expect(yaml(text).examples).toEqual([
      { id: '7', input: {}, expected: { text: 'yes' }, tags: ['t'], cluster: 'c' },
      { id: '8', input: {}, expected: { text: '' }, tags: [], cluster: '8' },
    ]);
  });

  it('may come from Windows, with a byte order mark and blank lines', () => {
    const windows = (text: string) => `\ufeff${text}\n`.replaceAll('\n', '\r\n');
    expect(yaml(windows(one)).examples).toEqual([example]);
    expect(lines(windows(`${oneLine}\n\n${oneLine.replace('"a"', '9')}`)).examples).toEqual([
      example,
      { ...example, id: '9', cluster: '9' },
    ]);
  });
});

describe('a YAML dataset is refused', () => {
  it.each([
    ['when it is empty', '', 'd.yaml:1:1: the file is empty. Write `examples:` and at least one.'],
    [
      'when its list is empty',
      'examples: []\n',
      'd.yaml:1:1: the dataset has no examples. Write at least one.',
    ],
    [
      'for a second use of an id, there',
      `${one}\n# again\n${one}`,
      'd.yaml:4:3: duplicate id "a". The first stands in line 1; give each example its own id.',
    ],
    [
      'for an id that is the same as a number',
      one.replace('id: a', 'id: 7') + one.replace('id: a', 'id: "7"'),
      'd.yaml:2:3: duplicate id "7". The first stands in line 1; give each example its own id.',
    ],
    [
      'for an unknown key',
      one.replace('input', 'inptu'),
      'd.yaml:1:12: unknown key "inptu". Did you mean "input"?',
    ],
    [
      'for an unknown key of an example in a list',
      `examples:\n${one.replace(' } }', ' }, tgas: [] }')}`,
      'd.yaml:2:49: unknown key "tgas". Did you mean "tags"?',
    ],
    [
      'for an unknown key of the head',
      `lisence: MIT\nexamples:\n${one}`,
      'd.yaml:1:1: unknown key "lisence". Did you mean "license"?',
    ],
    ['for a missing id', one.replace('id: a, ', ''), 'd.yaml:1:3: 0: "id" is missing'],
    [
      'for an id of another type',
      one.replace('id: a', 'id: true'),
      'd.yaml:1:9: 0.id: must be a text or a number, not true. Put it in quotes.',
    ],
    [
      'for an expected answer of another type',
      one.replace('{ y: z }', '[z]'),
      'd.yaml:1:39: 0.expected: must be a mapping (`key: value`) or a text, not a list',
    ],
    ['for a text', 'hello\n', 'd.yaml:1:1: must be a mapping (`key: value`) or a list, not a text'],
    [
      'for a number that would be another one',
      one.replace('q: x', 'q: 12345678901234567891'),
      'd.yaml:1:24: the number 12345678901234567891 is too long to be kept exactly. Put it in quotes.',
    ],
    [
      'for a tab',
      `examples:\n\t${one}`,
      'd.yaml:2:1: a tab as indentation. Indent with spaces: YAML does not allow tabs.',
    ],
  ])('%s', (_, text, message) => {
    expect(refusal(() => yaml(text))).toEqual([message]);
  });
});

it('a dataset keeps long numbers that are exact, and long digits in quotes', () => {
  const q = [
    9007199254740992,
    5e20,
    2 ** 70,
    1e300,
    1.5,
    '12345678901234567891',
    'over 12345678901234567891',
  ];
  const input = { q: [...q, 9007199254740991] };
  expect(yaml(`- ${JSON.stringify({ ...example, input })}\n`).examples).toEqual([{ ...example, input }]);
  expect(lines(JSON.stringify({ ...example, input })).examples).toEqual([{ ...example, input }]);
});

describe('a JSON Lines dataset is refused', () => {
  it.each([
    ['when it is empty', '', 'd.jsonl:1:1: the dataset has no examples. Write at least one.'],
    [
      'when it has blank lines only',
      '\n \r\n',
      'd.jsonl:1:1: the dataset has no examples. Write at least one.',
    ],
    [
      'for a wrong character',
      `${oneLine}\n{"id": a}\n`,
      "d.jsonl:3:8: not JSON: Unexpected token 'a'. Each line is one example as a JSON object.",
    ],
    [
      'for a missing comma',
      `${oneLine}{"id": "b" "input": {}}\n`,
      "d.jsonl:2:12: not JSON: Expected ',' or '}' after property value. Each line is one example as a JSON object.",
    ],
    [
      'for a line that is cut',
      `${oneLine}{"id": "b", "inp`,
      'd.jsonl:2:17: not JSON: Unterminated string. Each line is one example as a JSON object.',
    ],
    [
      'for a comma too many',
      '{"id": "b",}\n',
      'd.jsonl:1:12: not JSON: Expected double-quoted property name. Each line is one example as a JSON object.',
    ],
    [
      'for nesting that nothing could work with',
      `${oneLine}{"id": "b", "input": {"q": ${'['.repeat(20_000)}${']'.repeat(20_000)}}, "expected": "x"}`,
      'd.jsonl:2: lists and mappings stand more than 200 deep in one another. Write what is inside as text.',
    ],
    [
      'for a number that would be another one',
      `${oneLine}{"id": -9007199254740993, "input": {}, "expected": "x"}`,
      'd.jsonl:2:8: the number -9007199254740993 is too long to be kept exactly. Put it in quotes.',
    ],
    [
      'for a number that would be infinite',
      `{"id": "b", "input": {"q": ${'1'.repeat(400)}}, "expected": "x"}`,
      `d.jsonl:1:28: the number ${'1'.repeat(400)} is too long to be kept exactly. Put it in quotes.`,
    ],
    [
      'for two examples on a line',
      `${oneLine.trim()} ${oneLine}`,
      'd.jsonl:1:58: not JSON: Unexpected non-whitespace character after JSON. Each line is one example as a JSON object.',
    ],
    [
      'for a second use of an id, there',
      `${oneLine}\r\n${oneLine}`,
      'd.jsonl:3:1: duplicate id "a". The first stands in line 1; give each example its own id.',
    ],
    [
      'for an unknown key',
      `${oneLine}${oneLine.replace('"input"', '"inputs"')}`,
      'd.jsonl:2:13: unknown key "inputs". Did you mean "input"?',
    ],
    [
      'for a value of another type',
      `${oneLine}${oneLine.replace('{"q": "x"}', '"x"')}`,
      'd.jsonl:2:22: input: must be a mapping (`key: value`), not a text',
    ],
    ['for a list', `[${oneLine.trim()}]\n`, 'd.jsonl:1:1: must be a mapping (`key: value`), not a list'],
    ['for null', 'null\n', 'd.jsonl:1:1: must be a mapping (`key: value`), not empty'],
  ])('%s', (_, text, message) => {
    expect(refusal(() => lines(text))).toEqual([message]);
  });

  it('when it is not UTF-8', () => {
    const latin = Buffer.from(oneLine.replace('"x"', '"caf\xe9"'), 'latin1');
    expect(refusal(() => lines(latin))).toEqual([
      'd.jsonl:1: the line is not UTF-8 text. Save the file as UTF-8.',
    ]);
  });
});

describe('the file of a split', () => {
  it.each(['test.yaml', 'test.yml', 'test.jsonl'])('is found as %s', (name) => {
    const folder = scratchFolder({ [name]: '' });
    expect(splitFile(folder, 'test', 'data')).toBe(path.join(folder, name));
  });

  it('that does not exist is named', () => {
    const folder = scratchFolder({ 'train.yaml': '' });
    expect(refusal(() => splitFile(folder, 'test', 'data'))).toEqual([
      'data/test.yaml: the file does not exist. Write it, or test.jsonl, beside the other splits.',
    ]);
  });
});

describe('the inputs a prompt needs', () => {
  it('must be text in every example', () => {
    const needing = (...names: string[]) =>
      refusal(() =>
        yaml(
          '- { id: a, input: { q: x, n: 1 }, expected: y }\n- { id: b, input: { q: x, n: [1] }, expected: y }\n',
          requireInputs(names, 'p.yaml'),
        ),
      );
    expect(needing('q')).toEqual([]);
    expect(needing('q', 'n')).toEqual([
      'd.yaml:2:3: example "b" does not give text for input "n", which p.yaml uses as {{n}}. Its inputs: q, n.',
    ]);
    expect(needing('query')).toEqual([
      'd.yaml:1:3: example "a" has no input "query", which p.yaml uses as {{query}}. Its inputs: q, n.',
    ]);
    expect(needing('constructor')).toHaveLength(1);
  });

  it('stand in one row only', () => {
    const rows = '- { id: a, input: { q: x }, expected: y }\n- { id: b, input: { q: X! }, expected: y }\n';
    expect(refusal(() => yaml(rows, refuseDuplicates()))).toEqual([
      'd.yaml:2:3: example "b" has the same input as "a". Remove one of them.',
    ]);
  });
});

describe('a dataset that is streamed', () => {
  const open = (name: string, content: string) => {
    const file = path.join(scratchFolder({ [name]: content }), name);
    return { file, source: openDataset(file, name, 'test') };
  };

  it('gives the examples and the digest of one that is held in memory, at each pass', () => {
    const content = Array.from({ length: 50 }, (_, i) => oneLine.replace('"a"', `"${i}"`)).join('');
    const { source } = open('d.jsonl', content);
    const held = lines(content);
    expect([source.n, source.digest]).toEqual([50, held.digest]);
    expect([...source.examples()]).toEqual(held.examples);
    expect([...source.examples()]).toEqual(held.examples);
  });

  it('is refused when the file changes after it was checked', () => {
    const { file, source } = open('d.jsonl', oneLine);
    writeFileSync(file, oneLine.replace('"z"', '"other"'));
    expect(refusal(() => [...source.examples()])).toEqual([
      'd.jsonl: the file changed while it was measured. Run the same command again.',
    ]);
  });

  it('reads lines of any length and encoding, across the chunks it is read in', () => {
    const texts = Array.from({ length: 40 }, (_, i) => 'ä€😀'.repeat(i * 2_000));
    const content = texts
      .map((q, id) => JSON.stringify({ id: `${id}`, input: { q }, expected: '' }))
      .join('\r\n');
    const { source } = open('d.jsonl', content);
    expect([...source.examples()].map(({ input }) => input['q'])).toEqual(texts);
  });

  it('comes whole in shards, and the same rows at each limit', () => {
    const content = Array.from({ length: 11 }, (_, i) => oneLine.replace('"a"', `"${i}"`)).join('');
    const { source } = open('d.jsonl', content);
    const ids = (part: ExampleSource) => [...part.examples()].map(({ id }) => id);
    const parts = [1, 2, 3].map((index) => shardOf(source, { index, of: 3 }));
    expect(parts.map(ids)).toEqual([
      ['0', '3', '6', '9'],
      ['1', '4', '7', '10'],
      ['2', '5', '8'],
    ]);
    expect(parts.map(({ n }) => n)).toEqual([4, 4, 3]);
    const some = limitTo(source, 4, () => '');
    expect(ids(some)).toHaveLength(4);
    expect(ids(limitTo(source, 6, () => ''))).toEqual(expect.arrayContaining(ids(some)));
    expect(ids(limitTo(source, 99, () => ''))).toHaveLength(11);
  });
});
