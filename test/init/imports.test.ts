import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { contents, promptline } from '../cli/command-line.ts';
import { scratchFolder } from '../files/scratch.ts';
import { startProtocolServer } from '../protocol-server/server.ts';

const action = 'promptline/promptline@0123456789abcdef0123456789abcdef01234567';

type Import = { file: string; became: string[]; notes: string[] };

/** Runs `init`, then `check`, which must find nothing wrong; gives what was imported by file. */
async function initialised(folder: string): Promise<Record<string, Import>> {
  const { code, stdout, stderr } = await promptline(folder, ['init', '--action', action, '--json']);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(await promptline(folder, ['check'])).toMatchObject({ code: 0, stderr: '' });
  const { imports }: { imports: Import[] } = JSON.parse(stdout);
  return Object.fromEntries(imports.map((each) => [each.file, each]));
}

async function server(): Promise<string> {
  const started = await startProtocolServer({ apiKey: 'secret' });
  onTestFinished(() => started.close());
  return `${started.address}/v1`;
}

const yaml = (folder: string, name: string) => parse(readFileSync(path.join(folder, name), 'utf8'));

const countries = [
  'France',
  'Spain',
  'Italy',
  'Portugal',
  'Norway',
  'Sweden',
  'Poland',
  'Greece',
  'Austria',
  'Malta',
];

it("promptfoo's configuration becomes a family that is measured with nothing but its key", async () => {
  const folder = scratchFolder({
    'promptfooconfig.yaml': `description: Capitals
prompts:
  - "What is the capital of {{country}}? Answer in {{language}}."
  - file://prompts/chat.json
  - id: file://prompts/terse.txt
    label: Terse
  - file://prompts/made.js
providers:
  - id: openai:chat:small
    config: { temperature: 0, max_tokens: 40, apiBaseUrl: "${await server()}" }
  - anthropic:messages:claude-sonnet-4-5
  - exec:./model.sh
defaultTest:
  vars: { language: English }
  assert:
    - type: latency
      threshold: 2000
tests:
  - file://tests/capitals.csv
  - file://tests/more.jsonl
  - vars: { country: Atlantis }
    assert:
      - { type: llm-rubric, value: "says that there is no such country" }
  - vars: { country: [Chad, Peru] }
    assert:
      - { type: contains, value: x }
`,
    'prompts/chat.json': JSON.stringify([
      { role: 'system', content: 'You know capitals.' },
      { role: 'user', content: '{{country}}?' },
    ]),
    'prompts/terse.txt': 'Capital of {{country}}:\n---\nName the capital of {{country}}.',
    'prompts/made.js': 'module.exports = () => "x";',
    'tests/capitals.csv': `country,__expected,__expected2\n${countries
      .map((country) => `"${country}",icontains: ${country},"regex: ^\\w+"`)
      .join('\n')}\n`,
    'tests/more.jsonl':
      '{"vars": {"country": "Kenya"}, "assert": [{"type": "not-contains", "value": "sorry"}, {"type": "equals", "value": "Nairobi"}]}\n',
  });
  const { 'promptfooconfig.yaml': imported } = await initialised(folder);
  expect(imported?.became).toEqual([
    'prompts/promptfoo/prompt-1.prompt.yaml',
    'prompts/promptfoo/chat.prompt.yaml',
    'prompts/promptfoo/terse-1.prompt.yaml',
    'prompts/promptfoo/terse-2.prompt.yaml',
    'datasets/promptfoo/train.yaml',
    'datasets/promptfoo/dev.yaml',
    'datasets/promptfoo/test.yaml',
    'metrics/checks.mjs',
  ]);
  for (const note of [
    /prompt "made" left out: .js files make prompts by running/,
    /anthropic\/claude-sonnet-4-5 is measured with/,
    /exec:.\/model.sh has no counterpart/,
    /1 test left out: a variable is a list/,
    /1 test left out: no assertion names an answer/,
    /latency is reported without its threshold/,
    /reference answer of 10 rows is the shortest text/,
  ])
    expect(imported?.notes.join('\n')).toMatch(note);
  expect(yaml(folder, 'promptline.yaml')).toMatchObject({
    models: { task: 'openai/small' },
    families: { promptfoo: { metrics: { checks: { use: 'custom' }, latency: {} } } },
  });

  const evaluated = await promptline(folder, ['evaluate', '--json'], {
    environment: { OPENAI_API_KEY: 'secret' },
  });
  expect(evaluated.stderr).not.toContain('failed');
  expect(evaluated.code).toBe(0);
  const { prompts } = JSON.parse(evaluated.stdout);
  expect(prompts).toHaveLength(4);
  for (const prompt of prompts) expect(prompt.failures).toEqual([]);
  // The server echoes the question, which names the country that the checks ask for.
  const { mean, n } = prompts.find(({ id }: { id: string }) => id === 'promptfoo/prompt-1').metrics.checks;
  expect(n).toBe(5);
  expect(mean).toBeGreaterThan(0.7);
  const workflow = readFileSync(path.join(folder, '.github/workflows/promptline-evaluate.yml'), 'utf8');
  expect(workflow).toContain(`OPENAI_API_KEY: \${{ secrets.OPENAI_API_KEY }}`);
});

const summary = `# How we sum up tickets.
name: Ticket summary
description: Sums a ticket up
model: openai/gpt-4o-mini
modelParameters:
  temperature: 0.2 # steady
  frequencyPenalty: 1
custom: { owner: support }
messages:
  - role: developer
    content: Sum up.
  - role: user
    content: "{{input}}"
testData:
  - { input: "The printer is on fire", expected: "printer on fire" }
  - { input: "The lift is stuck", expected: "lift stuck" }
  - { input: "No answer was written for this one" }
evaluators:
  - name: Names it
    string: { contains: "{{expected}}" }
  - name: Close
    uses: github/similarity
  - name: Fluent
    uses: github/fluency
`;

it("a prompt of GitHub's format keeps every field and comment, and brings its rows and evaluators", async () => {
  const folder = scratchFolder({ 'support/summary.prompt.yml': summary });
  const { 'support/summary.prompt.yml': imported } = await initialised(folder);
  const name = 'prompts/summary/default.prompt.yaml';
  expect(imported?.became).toEqual([name, 'datasets/summary/test.yaml', 'metrics/checks.mjs']);
  expect(imported?.notes.join('\n')).toMatch(/1 row of testData left out: no `expected`/);
  expect(imported?.notes.join('\n')).toMatch(/left out of modelParameters: frequencyPenalty/);
  expect(imported?.notes.join('\n')).toMatch(/"Fluent" is left out/);
  expect(imported?.notes.join('\n')).toMatch(/2 rows, all in test: `optimize` needs train and dev too/);

  const text = readFileSync(path.join(folder, name), 'utf8');
  expect(text).toContain('# How we sum up tickets.');
  expect(text).toContain('# steady');
  const { version, ...rest } = parse(text);
  const { frequencyPenalty, ...modelParameters } = parse(summary).modelParameters;
  expect(version).toBe('1.0.0');
  expect(frequencyPenalty).toBe(1);
  expect(rest).toEqual({
    ...parse(summary),
    modelParameters,
    messages: [{ role: 'system', content: 'Sum up.' }, parse(summary).messages[1]],
  });
  expect(yaml(folder, 'datasets/summary/test.yaml').examples).toContainEqual({
    id: '1',
    input: { input: 'The printer is on fire' },
    expected: { text: 'printer on fire', checks: [{ type: 'contains', value: 'printer on fire' }] },
  });
  expect(readFileSync(path.join(folder, 'support/summary.prompt.yml'), 'utf8')).toBe(summary);

  const file = path.join(folder, 'promptline.yaml');
  const provider = `providers:\n  openai: { type: openai-compatible, baseUrl: "${await server()}", apiKeyEnv: OPENAI_API_KEY }\n`;
  writeFileSync(file, `${readFileSync(file, 'utf8')}${provider}`);
  const evaluated = await promptline(folder, ['evaluate', '--json'], {
    environment: { OPENAI_API_KEY: 'secret' },
  });
  expect(evaluated.code).toBe(0);
  const { metrics } = JSON.parse(evaluated.stdout).prompts[0];
  expect(metrics.checks).toMatchObject({ mean: 0, n: 2 });
  expect(metrics.token_f1.mean).toBeGreaterThan(0.5);
});

it('prompts that stand in prompts/ already are measured where they are, and share their rows', async () => {
  const prompt = (instruction: string, rows: string) => `model: openai/gpt-4o
messages:
  - { role: user, content: "${instruction} {{input}}" }
testData: [${rows}]
`;
  const folder = scratchFolder({
    'prompts/mood/long.prompt.yml': prompt('Name the mood of', '{ input: sunny, expected: good }'),
    'prompts/mood/short.prompt.yml': prompt(
      'Mood?',
      '{ input: grey, expected: bad }, { other: x, expected: y }',
    ),
  });
  const before = contents(folder);
  const imports = await initialised(folder);
  expect(Object.keys(imports)).toEqual(['prompts/mood/long.prompt.yml, prompts/mood/short.prompt.yml']);
  expect(
    yaml(folder, 'datasets/mood/test.yaml')
      .examples.map(({ id }: { id: string }) => id)
      .sort(),
  ).toEqual(['long-1', 'short-1']);
  expect(contents(folder)).toMatchObject(before);
});

it('plain texts become drafts that wait for data, next to a sample that runs', async () => {
  const folder = scratchFolder({
    'prompts/summary.txt': 'Sum up in {language}, as {{"json": true}}:\n{text}\n',
    'prompts/search/terms.md': 'Terms of $query, at most $$5',
    'prompts/search/logic.md': '{% if x %}{{x}}{% endif %}',
    'prompts/README.md': 'Our {prompts}',
    'prompts/nothing.txt': 'Nothing to fill.',
  });
  const imports = await initialised(folder);
  expect(imports['prompts/README.md']).toBeUndefined();
  expect(imports['prompts/nothing.txt']?.notes.join()).toMatch(/left out: it holds no placeholder/);
  expect(imports['prompts/search/logic.md']?.notes.join()).toMatch(/left out: it holds template logic/);
  expect(imports['prompts/summary.txt']?.became).toEqual(['prompts/summary/default.prompt-draft.yaml']);
  expect(yaml(folder, 'prompts/summary/default.prompt-draft.yaml').messages[0].content).toBe(
    'Sum up in {{language}}, as {"json": true}:\n{{text}}',
  );
  expect(yaml(folder, 'prompts/search/terms.prompt-draft.yaml').messages[0].content).toBe(
    'Terms of {{query}}, at most $5',
  );
  const configuration = readFileSync(path.join(folder, 'promptline.yaml'), 'utf8');
  expect(configuration).toContain('# summary waits for data. Write datasets/summary/test.yaml');
  expect(Object.keys(parse(configuration).families)).toEqual(['feedback']);
});

it('a file that cannot be read is named with its place, and the rest is imported', async () => {
  const folder = scratchFolder({
    'a.prompt.yml': 'messages:\n\t- broken\n',
    'promptfooconfig.json':
      '{"prompts": ["Say {{x}}"], "tests": [{"vars": {"x": "hi"}, "assert": [{"type": "equals", "value": "hi"}]}]}',
  });
  const imports = await initialised(folder);
  expect(imports['a.prompt.yml']).toMatchObject({
    became: [],
    notes: [expect.stringMatching(/left out: a\.prompt\.yml:2:1: a tab as indentation/)],
  });
  expect(yaml(folder, 'promptline.yaml').families.promptfoo.metrics.exact_match).toMatchObject({
    field: 'text',
  });
});
