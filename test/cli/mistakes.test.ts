import { symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { contents, promptline, type RepositoryFile, repository } from './command-line.ts';

type Changes = Parameters<typeof repository>[0];

const configuration = 'promptline.yaml';
const prompt = 'prompts/mood/default.prompt.yaml';
const test = 'data/mood/test.yaml';
const replace =
  (from: string, to: string) =>
  (text: string): string => {
    expect(text).toContain(from);
    return text.replace(from, to);
  };
const change = (file: RepositoryFile, from: string, to: string): Changes => ({ [file]: replace(from, to) });

/** Runs promptline in `folder` and expects one line, exit code 2 and no results. */
async function expectMistake(folder: string, args: readonly string[], line: string, environment = {}) {
  const before = contents(folder);
  const { code, stdout, stderr } = await promptline(folder, args, { environment });
  expect({ stderr, stdout }).toEqual({ stderr: `${line}\n`, stdout: '' });
  expect(code).toBe(2);
  expect(withoutStore(contents(folder))).toEqual(before);
}

/** Without the answer store, which may be made before anything is asked. */
function withoutStore(files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).filter(([name]) => !name.startsWith('.promptline/answers.sqlite')),
  );
}

describe('a mistake in a file ends in one line that says where and how to mend it', () => {
  it.each<[string, Changes, string[], string]>([
    [
      'no configuration',
      { [configuration]: null },
      ['evaluate'],
      'promptline.yaml: there is none here or in a folder above. Run in a repository that has one, or name its folder with --root.',
    ],
    [
      'no prompt at all',
      { [prompt]: null },
      ['evaluate'],
      'prompts: there are no prompts. Write prompts/<family>/<name>.prompt.yaml.',
    ],
    [
      'a prompt that does not exist',
      {},
      ['evaluate', 'mood/defualt'],
      'there is no prompt "mood/defualt". Did you mean "mood/default"?',
    ],
    [
      'no dataset',
      { [test]: null },
      ['evaluate'],
      'data/mood/test.yaml: the file does not exist. Write it, or test.jsonl, beside the other splits.',
    ],
    [
      'a tab in the configuration',
      change(configuration, '  mood:', '\tmood:'),
      ['evaluate'],
      'promptline.yaml:5:1: a tab as indentation. Indent with spaces: YAML does not allow tabs.',
    ],
    [
      'a tab in a prompt',
      change(prompt, '  - { role: user', '\t- { role: user'),
      ['evaluate'],
      'prompts/mood/default.prompt.yaml:6:1: a tab as indentation. Indent with spaces: YAML does not allow tabs.',
    ],
    [
      'a tab in a dataset',
      change(test, '  - { id: test-3', '\t- { id: test-3'),
      ['evaluate'],
      'data/mood/test.yaml:4:1: a tab as indentation. Indent with spaces: YAML does not allow tabs.',
    ],
    [
      'an unknown key in the configuration',
      change(configuration, 'datasets', 'datsets'),
      ['optimize'],
      'promptline.yaml:6:5: unknown key "datsets". Did you mean "datasets"?',
    ],
    [
      'an unknown key in a prompt',
      change(prompt, 'output', 'outptu'),
      ['check'],
      'prompts/mood/default.prompt.yaml:3:1: unknown key "outptu". Did you mean "output"?',
    ],
    [
      'an unknown key in a dataset',
      change(test, 'expected', 'expcted'),
      ['check'],
      'data/mood/test.yaml:2:44: unknown key "expcted". Did you mean "expected"?',
    ],
    [
      'a duplicate id',
      change(test, 'test-3', 'test-1'),
      ['check'],
      'data/mood/test.yaml:4:5: duplicate id "test-1". The first stands in line 2; give each example its own id.',
    ],
    [
      'a placeholder without input',
      change(prompt, '{{text}}', '{{txt}}'),
      ['evaluate'],
      'data/mood/test.yaml:2:5: example "test-1" has no input "txt", which prompts/mood/default.prompt.yaml uses as {{txt}}. Its inputs: text.',
    ],
    [
      'an empty split',
      { [test]: 'examples: []\n' },
      ['evaluate'],
      'data/mood/test.yaml:1:1: the dataset has no examples. Write at least one.',
    ],
    [
      'an empty file',
      { [test]: '' },
      ['evaluate'],
      'data/mood/test.yaml:1:1: the file is empty. Write `examples:` and at least one.',
    ],
    [
      'an example in train and test',
      change(test, 'lovely', 'Sunny!'),
      ['optimize'],
      'data/mood/test.yaml: example "test-1" has the same input as "train-1" of data/mood/train.yaml. Keep it in one split only: a leak makes scores too good.',
    ],
    [
      'such an example, seen by check',
      change(test, 'lovely', 'Sunny!'),
      ['check'],
      'data/mood/test.yaml: example "test-1" has the same input as "train-1" of data/mood/train.yaml. Keep it in one split only: a leak makes scores too good.',
    ],
    [
      'an unknown metric',
      change(configuration, 'label_accuracy', 'label_acuracy'),
      ['evaluate'],
      'promptline.yaml:8:7: metric "accuracy": there is no metric "label_acuracy". Did you mean "label_accuracy"?',
    ],
    [
      'an unknown metric option',
      change(configuration, 'field: mood', 'feild: mood'),
      ['evaluate'],
      'promptline.yaml:8:40: unknown key "feild". Did you mean "field"?',
    ],
    [
      'an unknown provider',
      change(configuration, 'local/echo', 'locale/echo'),
      ['evaluate'],
      'There is no provider "locale". Did you mean "local"? For an own address write in promptline.yaml: providers: { locale: { type: openai-compatible, baseUrl: "http://127.0.0.1:8080/v1" } }.',
    ],
    [
      'no metric with a weight',
      change(configuration, 'weight: 1', 'weight: 0'),
      ['optimize', '--calls', '60'],
      'promptline.yaml: no metric of family "mood" has a weight, so there is nothing to raise. Give one under families.mood.metrics, as `weight: 1`.',
    ],
  ])('%s', async (_, changes, args, line) => {
    await expectMistake(repository(changes), args, line);
  });

  it('a dataset that is a link out of the repository', async () => {
    const outside = path.join(repository(), test);
    const folder = repository({ [test]: null });
    symlinkSync(outside, path.join(folder, test));
    await expectMistake(
      folder,
      ['evaluate'],
      '"data/mood/test.yaml" leads out of the repository. Name a path inside it.',
    );
  });

  it('several mistakes, a line for each', async () => {
    const folder = repository({ [test]: (text) => `${text}more: 1\nthings: 2\n` });
    const { code, stderr } = await promptline(folder, ['check']);
    expect(stderr.match(/^data\/mood\/test\.yaml:\d+:1: unknown key ".*$/gm)).toHaveLength(2);
    expect(code).toBe(2);
  });
});

describe('a mistake in the options ends in one line', () => {
  it.each<[string[], string]>([
    [['evaluate', '--limt', '3'], "error: unknown option '--limt' (Did you mean --limit?)"],
    [['evalute'], "error: unknown command 'evalute' (Did you mean evaluate?)"],
    [['report'], "error: missing required argument 'folder'"],
    [
      ['evaluate', '--limit', 'x'],
      "error: option '--limit <n>' argument 'x' is invalid. Give a whole number.",
    ],
    [['evaluate', '--limit', '0'], "error: option '--limit <n>' argument '0' is invalid. Give 1 or more."],
    [['evaluate', '--limit=-1'], "error: option '--limit <n>' argument '-1' is invalid. Give 1 or more."],
    [['evaluate', '--repeat', '0'], "error: option '--repeat <k>' argument '0' is invalid. Give 1 or more."],
    [
      ['evaluate', '--concurrency', '0'],
      "error: option '--concurrency <n>' argument '0' is invalid. Give 1 or more.",
    ],
    [['evaluate', '--usd', 'much'], "error: option '--usd <x>' argument 'much' is invalid. Give a number."],
    [
      ['evaluate', '--split', 'tset'],
      "error: option '--split <name>' argument 'tset' is invalid. Allowed choices are train, dev, test.",
    ],
    [
      ['evaluate', '--calls', '0'],
      'A budget of 0 calls allows nothing. Give a number above zero, or leave the limit out.',
    ],
    [
      ['evaluate', '--usd', '0'],
      'A budget of 0 usd allows nothing. Give a number above zero, or leave the limit out.',
    ],
    [
      ['evaluate', '--minutes', '0'],
      'A budget of 0 minutes allows nothing. Give a number above zero, or leave the limit out.',
    ],
    [
      ['optimize', '--usd', '0'],
      'A budget of 0 usd allows nothing. Give a number above zero, or leave the limit out.',
    ],
    [
      ['optimize', '--calls', '0'],
      'a budget of 0 calls is too small to optimize mood/default. The test split takes 8 calls and a search at least 20: give --calls 28 or more.',
    ],
    [
      ['evaluate', '--model', 'gpt'],
      '"gpt" is not a model. Write provider/model, as in embedded/tinyllama-1.1b-chat or openai/gpt-5-mini.',
    ],
    [
      ['evaluate', '--model', 'gguf/none.gguf'],
      'the model file FOLDER/none.gguf does not exist. Check the path; a relative one starts at the repository.',
    ],
    [
      ['evaluate', '--model', 'openai/gpt-5-mini'],
      'The provider openai needs a key, and OPENAI_API_KEY is not set. Set OPENAI_API_KEY in the environment, or try without a key: embedded/tinyllama-1.1b-chat.',
    ],
    [['report', 'nowhere'], 'nowhere/report.json: the file does not exist. Check the path.'],
  ])('promptline %j', async (args, line) => {
    const folder = repository();
    await expectMistake(folder, args, line.replace('FOLDER', folder));
  });

  it('also when it stands in the environment', async () => {
    const line =
      "error: option '--limit <n>' value 'x' from env 'PROMPTLINE_LIMIT' is invalid. Give a whole number.";
    await expectMistake(repository(), ['evaluate'], line, { PROMPTLINE_LIMIT: 'x' });
  });

  it('also when a report is none of promptline', async () => {
    const folder = repository();
    writeFileSync(path.join(folder, 'report.json'), '{}');
    const line =
      'report.json: not a report of promptline: it names no schema. Use the version of promptline that wrote it, or run the command again.';
    await expectMistake(folder, ['report', '.'], line);
  });
});

it('an older Node is told that it is one', async () => {
  const older = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '22.1.0' } })`;
  const environment = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(older)}` };
  const { code, stderr } = await promptline(repository(), ['--version'], { environment });
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringMatching(/^promptline needs Node 24 or newer/),
  });
});
