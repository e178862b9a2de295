import { symlinkSync } from 'node:fs';
import path from 'node:path';
import type { FamiliesRepository } from './families-repository.ts';

const configuration = 'promptline.yaml';
const colors = 'prompts/colors/default.prompt.yaml';
const terse = 'prompts/colors/terse.prompt.yaml';
const moods = 'prompts/moods/default.prompt.yaml';
const longMoods = 'prompts/moods/long.prompt.yaml';
const metrics = ['the metrics in promptline.yaml'];
const prompt = ['the prompt'];

/** A commit, and what `evaluate --base` of the one before must find. */
export type Commit = {
  readonly what: string;
  readonly change: (repository: FamiliesRepository) => void;
} & (
  | {
      /** Every prompt that is affected, with what changed of it; the others are unchanged. */
      readonly measured: Readonly<Record<string, readonly string[]>>;
      /** Why prompts have no base to compare with. */
      readonly problems?: Readonly<Record<string, string>>;
      /** Why nothing of the base can be read. */
      readonly baseProblem?: string;
    }
  /** The commit cannot be measured at all. */
  | { readonly refused: string }
);

/** Each commit follows the one before. */
export const commits: readonly Commit[] = [
  {
    what: 'another wording',
    change: ({ edit }) => edit(colors, 'Name the color.', 'Name the color in one word.'),
    measured: { 'colors/default': prompt },
  },
  {
    what: 'another parameter',
    change: ({ edit }) => edit(terse, 'maxTokens: 5', 'maxTokens: 6'),
    measured: { 'colors/terse': prompt },
  },
  {
    what: 'another output format, nothing else of the prompt',
    change: ({ edit }) => edit(colors, '[red, green, blue]', '[red, green, blue, grey]'),
    measured: { 'colors/default': prompt },
  },
  {
    what: 'comments, quotes, the description and the order of keys of a prompt',
    change: ({ write, read }) =>
      write(
        colors,
        `# Asked by the shop.\ndescription: a color\n${read(colors)
          .replace(/^output: .*\n/m, '')
          .replace(
            '"Text: {{text}}"',
            "'Text: {{text}}'",
          )}output: { labels: [red, green, blue, grey], field: color, format: label }\n`,
      ),
    measured: {},
  },
  {
    what: 'the version of a prompt alone',
    change: ({ edit }) => edit(moods, 'version: 1.0.0', 'version: 1.0.1'),
    measured: {},
  },
  { what: 'the README', change: ({ write }) => write('README.md', 'More of it.\n'), measured: {} },
  { what: 'nothing', change: () => {}, measured: {} },
  {
    what: 'a row of the test split',
    change: ({ edit }) => edit('datasets/colors/test.yaml', 'leaf', 'sand'),
    measured: {
      'colors/default': ['the dataset datasets/colors/test.yaml'],
      'colors/terse': ['the dataset datasets/colors/test.yaml'],
    },
  },
  {
    what: 'a row of another split',
    change: ({ edit }) => edit('datasets/colors/train.yaml', 'moss', 'fern'),
    measured: {},
  },
  {
    what: 'a dataset written as JSON Lines, its rows the same',
    change: ({ write, remove }) => {
      remove('datasets/moods/test.yaml');
      const row = (text: string, mood: string) =>
        `${JSON.stringify({ id: text, input: { text }, expected: { mood } })}\n\n`;
      write(
        'datasets/moods/test.jsonl',
        row('sunshine', 'good') + row('thunder', 'bad') + row('holiday', 'good'),
      );
    },
    measured: {},
  },
  {
    what: "a metric's option",
    change: ({ edit }) => edit(configuration, 'corpus.jsonl, weight', 'corpus.jsonl, k: 2, weight'),
    measured: { 'search/keywords': metrics },
  },
  {
    what: 'a gate',
    change: ({ edit }) => edit(configuration, 'maxDrop: 0.1', 'maxDrop: 0.2'),
    measured: { 'colors/default': metrics, 'colors/terse': metrics },
  },
  {
    what: 'a weight',
    change: ({ edit }) => edit(configuration, 'field: mood, weight: 1', 'field: mood, weight: 2'),
    measured: { 'moods/default': metrics, 'moods/long': metrics },
  },
  {
    what: 'comments and the order of keys of the configuration',
    change: ({ edit }) => {
      edit(
        configuration,
        'corpus: datasets/search/corpus.jsonl, k: 2',
        'k: 2, corpus: datasets/search/corpus.jsonl',
      );
      edit(configuration, 'weight: 0.7, gate: { maxDrop: 0.2 }', 'gate: { maxDrop: 0.2 }, weight: 0.7');
      edit(configuration, 'families:', '# what is measured\nfamilies:');
    },
    measured: {},
  },
  {
    what: 'the address of a provider',
    change: ({ edit, read }) => {
      const [local = ''] = /local: .*/.exec(read(configuration)) ?? [];
      edit(configuration, local, local.replace('127.0.0.1', 'localhost'));
    },
    measured: {
      'colors/default': ['the provider local'],
      'moods/default': ['the provider local'],
      'search/keywords': ['the provider local'],
    },
  },
  {
    what: 'a document of the corpus that a metric searches',
    change: ({ edit }) => edit('datasets/search/corpus.jsonl', 'a round table', 'a square table'),
    measured: { 'search/keywords': ['the file datasets/search/corpus.jsonl'] },
  },
  {
    what: 'a new prompt',
    change: ({ write, read }) => write('prompts/moods/new.prompt.yaml', read(moods)),
    measured: { 'moods/new': ['the prompt is new'] },
  },
  {
    what: 'a renamed prompt',
    change: ({ git }) => void git('mv', 'prompts/moods/new.prompt.yaml', 'prompts/moods/calm.prompt.yaml'),
    measured: { 'moods/calm': ['the prompt is new'] },
  },
  {
    what: 'a deleted prompt',
    change: ({ remove }) => remove('prompts/moods/calm.prompt.yaml'),
    measured: {},
  },
  {
    what: 'a metric for one prompt',
    change: ({ edit }) =>
      edit(
        configuration,
        'format_compliance: { weight: 0.3 }',
        'format_compliance: { weight: 0.3, prompts: [terse] }',
      ),
    measured: { 'colors/default': metrics },
  },
  {
    what: 'the same metric for the other prompt too',
    change: ({ edit }) => edit(configuration, 'prompts: [terse]', 'prompts: [terse, default]'),
    measured: { 'colors/default': metrics },
  },
  {
    what: 'the model of prompts that name none',
    change: ({ edit }) => edit(configuration, 'task: local/small', 'task: local/large'),
    measured: { 'colors/default': prompt, 'moods/default': prompt, 'search/keywords': prompt },
  },
  {
    what: 'a provider by another name',
    change: ({ edit }) => {
      edit(configuration, '  other: {', '  second: {');
      edit(configuration, 'other/judge', 'second/judge');
      for (const file of [terse, longMoods]) edit(file, 'other/small', 'second/small');
    },
    measured: {
      'colors/terse': [...prompt, 'the provider second'],
      'moods/long': [...prompt, 'the provider second'],
    },
    problems: {
      'colors/terse': 'There is no provider "other"',
      'moods/long': 'There is no provider "other"',
    },
  },
  {
    what: 'an input that the prompt did not use before',
    change: ({ edit }) => {
      edit('datasets/colors/test.yaml', 'input: { text: ', 'input: { word: ');
      for (const file of [colors, terse]) edit(file, '{{text}}', '{{word}}');
    },
    measured: {
      'colors/default': [...prompt, 'the dataset datasets/colors/test.yaml'],
      'colors/terse': [...prompt, 'the dataset datasets/colors/test.yaml'],
    },
    problems: {
      'colors/default': `it cannot be measured on today's examples: datasets/colors/test.yaml: example "grass" has no input "text"`,
      'colors/terse': `it cannot be measured on today's examples: datasets/colors/test.yaml: example "grass" has no input "text"`,
    },
  },
  {
    what: 'two families at once',
    change: ({ edit }) => {
      edit(moods, 'Name the mood.', 'Which mood?');
      edit(configuration, 'maxDrop: 0.2', 'maxDrop: 0.3');
    },
    measured: { 'moods/default': prompt, 'colors/default': metrics, 'colors/terse': metrics },
  },
  {
    what: 'a configuration that cannot be parsed',
    change: ({ edit }) => edit(configuration, 'families:', 'families: ['),
    refused: 'promptline.yaml:',
  },
  {
    what: 'the configuration mended',
    change: ({ edit }) => edit(configuration, 'families: [', 'families:'),
    measured: {
      'colors/default': [],
      'colors/terse': [],
      'moods/default': [],
      'moods/long': [],
      'search/keywords': [],
    },
    baseProblem: 'promptline.yaml:',
  },
  {
    what: 'a prompt that cannot be parsed',
    change: ({ edit }) => edit(moods, 'messages:', 'messages: {'),
    refused: 'prompts/moods/default.prompt.yaml:',
  },
  {
    what: 'that prompt mended',
    change: ({ edit }) => edit(moods, 'messages: {', 'messages:'),
    measured: { 'moods/default': prompt },
    problems: { 'moods/default': 'prompts/moods/default.prompt.yaml:' },
  },
  {
    what: 'a dataset that disappears',
    change: ({ remove }) => remove('datasets/moods/test.jsonl'),
    refused: 'datasets/moods/test.yaml: the file does not exist',
  },
  {
    what: 'a dataset where there was none',
    change: ({ write }) =>
      write(
        'datasets/moods/test.yaml',
        'examples: [{ id: a, input: { text: holiday }, expected: { mood: good } }]\n',
      ),
    measured: {
      'moods/default': ['the dataset datasets/moods/test.yaml'],
      'moods/long': ['the dataset datasets/moods/test.yaml'],
    },
  },
  {
    what: 'a prompt that is a link out of the repository',
    change: ({ root, remove }) => {
      remove(moods);
      symlinkSync('/etc/hostname', path.join(root, moods));
    },
    refused: 'leads out of the repository',
  },
  {
    what: 'a prompt in place of the link',
    change: ({ remove, write, read }) => {
      remove(moods);
      write(moods, read(longMoods).replace(/^model: .*\n/, ''));
    },
    measured: { 'moods/default': prompt },
    problems: { 'moods/default': 'prompts/moods/default.prompt.yaml' },
  },
];
