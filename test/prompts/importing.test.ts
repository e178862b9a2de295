import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Check, checksCode, checkTypes, shortestAnswer } from '../../src/prompts/importing/checks.ts';
import { importPlainText } from '../../src/prompts/importing/plain-text.ts';
import { importPromptYml } from '../../src/prompts/importing/prompt-yml.ts';
import { importModel } from '../../src/prompts/importing/promptfoo/models.ts';
import { importPromptfoo } from '../../src/prompts/importing/promptfoo/promptfoo.ts';
import { scratchFolder } from '../files/scratch.ts';

type Scored = { value: number; feedback: string } | null;

/** The written code, as the repository it is written into runs it. */
async function loadChecks(): Promise<(output: string, checks: readonly Check[]) => Scored> {
  const folder = scratchFolder({ 'checks.mjs': checksCode });
  const { default: run } = await import(pathToFileURL(path.join(folder, 'checks.mjs')).href);
  return (output, checks) => run({ output, example: { expected: { checks } } });
}

describe('the code of imported checks', () => {
  it.each<[string, Check['value'], string, string]>([
    ['equals', 'Paris', ' Paris\n', 'paris'],
    ['contains', 'Paris', 'It is Paris.', 'It is paris.'],
    ['icontains', 'paris', 'It is PARIS.', 'Rome'],
    ['starts-with', 'It', 'It is', 'Is it'],
    ['ends-with', 'x', 'matrix', 'matrices'],
    ['regex', '^\\d{4}$', '2024', '24'],
    ['contains-all', ['a', 'b'], 'b a', 'a'],
    ['contains-any', ['a', 'b'], 'b', 'c'],
    ['icontains-all', ['a', 'b'], 'B A', 'A'],
    ['icontains-any', ['a', 'b'], 'B', 'C'],
    ['is-json', undefined, '{"a": [1]}', 'so: {"a": 1}'],
    ['contains-json', undefined, 'so: {"a": {"b": 1}} there', 'so: {a'],
  ])('%s %j holds for %j and not for %j', async (type, value, right, wrong) => {
    const score = await loadChecks();
    const check = value === undefined ? { type } : { type, value };
    expect(score(right, [check])).toEqual({ value: 1, feedback: '' });
    expect(score(wrong, [check])).toMatchObject({ value: 0, feedback: expect.stringContaining(type) });
    expect(score(wrong, [{ ...check, type: `not-${type}` }])?.value).toBe(1);
  });

  it('needs all checks of a row, and has no value without any', async () => {
    const score = await loadChecks();
    expect(
      score('ab', [
        { type: 'contains', value: 'a' },
        { type: 'contains', value: 'c' },
      ])?.value,
    ).toBe(0);
    expect(score('ab', [])).toBeNull();
    expect(() => score('ab', [{ type: 'rhymes', value: 'a' }])).toThrow(/no check "rhymes"/);
  });

  it('accepts the shortest answer that is taken for the reference', async () => {
    const score = await loadChecks();
    const checks: Check[] = [
      { type: 'ends-with', value: 'end' },
      { type: 'contains-any', value: ['x', 'y'] },
      { type: 'icontains', value: 'Mid' },
      { type: 'starts-with', value: 'begin' },
    ];
    const answer = shortestAnswer(checks) ?? '';
    expect(answer).toBe('begin Mid x end');
    expect(score(answer, checks)?.value).toBe(1);
    expect(shortestAnswer([{ type: 'is-json' }, { type: 'not-contains', value: 'x' }])).toBeUndefined();
  });

  it('knows every type that is taken over', async () => {
    const score = await loadChecks();
    for (const type of Object.keys(checkTypes))
      expect(() => score('x', [{ type, value: 'x' }])).not.toThrow();
  });
});

describe("promptfoo's providers", () => {
  it.each([
    ['openai:gpt-5-mini', 'openai/gpt-5-mini'],
    ['openai:chat:gpt-4o', 'openai/gpt-4o'],
    ['anthropic:messages:claude-sonnet-4-5', 'anthropic/claude-sonnet-4-5'],
    ['ollama:chat:llama3.2:1b', 'ollama/llama3.2:1b'],
    [{ id: 'google:gemini-2.5-flash', config: {} }, 'google-gemini/gemini-2.5-flash'],
    [{ 'openai:gpt-5': { config: { temperature: 1 } } }, 'openai/gpt-5'],
    ['python:model.py', null],
    ['echo', null],
    ['constructor:x', null],
    [{ id: 'openai:x', config: { apiKeyEnvar: 'A: B' } }, null],
  ])('%j is %j', (provider, model) => {
    expect(importModel(provider).model).toBe(model);
  });

  it('bring their parameters and their address', () => {
    const config = {
      temperature: 0.5,
      top_p: 0.9,
      max_tokens: 9,
      stop: ['\n'],
      apiBaseUrl: 'http://localhost:1/v1',
      apiKeyEnvar: 'MY_KEY',
    };
    expect(importModel({ id: 'openai:x', config })).toEqual({
      model: 'openai/x',
      parameters: { temperature: 0.5, topP: 0.9, maxTokens: 9, stop: ['\n'] },
      provider: {
        name: 'openai',
        entry: { type: 'openai-compatible', baseUrl: 'http://localhost:1/v1', apiKeyEnv: 'MY_KEY' },
      },
    });
  });
});

describe("promptfoo's assertions", () => {
  const imported = (tests: string, more = '') => {
    const text = `prompts: ["Say {{x}}"]\nproviders: [openai:gpt-5]\n${more}tests:\n${tests}`;
    return importPromptfoo('promptfooconfig.yaml', { names: ['promptfooconfig.yaml'], read: () => text });
  };
  const test = (x: string, ...assertions: string[]) =>
    `  - { vars: { x: ${x} }, assert: [${assertions.join(', ')}] }\n`;
  const equals = '{ type: equals, value: "{{x}}!" }';

  it('that all ask for one text are exact_match, filled from the variables', () => {
    const { metrics, rows } = imported(test('a', equals) + test('b', equals));
    expect(metrics).toEqual({ exact_match: { field: 'text', weight: 1, gate: { maxDrop: 0.05 } } });
    expect(rows[0]).toEqual({ id: '1', input: { x: 'a' }, expected: { text: 'a!' } });
  });

  it('are filled with nothing for a variable that every object seems to have', () => {
    const { rows } = imported(test('a', '{ type: equals, value: "{{x}}{{constructor}}!" }'));
    expect(rows[0]?.expected).toEqual({ text: 'a!' });
  });

  it('with one rubric for all are a judge with that rubric', () => {
    const { metrics, models } = imported(
      test('a', equals),
      'defaultTest: { assert: [{ type: llm-rubric, value: is polite }] }\n',
    );
    expect(metrics['rubric']).toMatchObject({ use: 'judge', rubric: 'is polite' });
    expect(models).toEqual({ task: 'openai/gpt-5', judge: 'openai/gpt-5' });
  });

  it('with a rubric for each row are a judge that reads the row', () => {
    const rubric = '{ type: llm-rubric, value: "rhymes with {{x}}" }';
    const { metrics, rows } = imported(test('a', equals, rubric) + test('b', equals, rubric));
    expect(metrics['rubric']).toMatchObject({ reference: 'rubric' });
    expect(rows[1]?.expected).toMatchObject({ rubric: 'rhymes with b' });
  });

  it('that no metric does are counted by type', () => {
    const { metrics, notes } = imported(
      test(
        'a',
        equals,
        '{ type: javascript, value: "output > 1" }',
        '{ type: is-json, value: { type: object } }',
      ),
    );
    expect(Object.keys(metrics)).toEqual(['exact_match']);
    expect(notes).toContain('1 javascript assertion left out: no metric does it');
    expect(notes).toContain('1 is-json assertion left out: no metric does it');
  });

  it('of meaning are compared by words, with a note', () => {
    const { metrics, rows, notes } = imported(test('a', '{ type: similar, value: hello, threshold: 0.8 }'));
    expect(metrics).toMatchObject({ token_f1: { weight: 1 } });
    expect(rows[0]?.expected).toEqual({ text: 'hello' });
    expect(notes.join()).toMatch(/embedding model/);
  });
});

describe("GitHub's evaluators and models", () => {
  const file = (more: string) =>
    importPromptYml(
      'a.prompt.yml',
      `messages: [{ role: user, content: "{{input}}" }]\ntestData: [{ input: x, expected: y }]\n${more}`,
    );

  it('compare with the expected text exactly where they ask for it', () => {
    const { metrics, rows } = file('evaluators: [{ name: same, string: { equals: "{{expected}}" } }]\n');
    expect(metrics).toEqual({ exact_match: { field: 'text', weight: 1 } });
    expect(rows[0]?.expected).toEqual({ text: 'y' });
  });

  it('that ask a model are a judge with their choices', () => {
    const { metrics, models } = file(`evaluators:
  - name: Is it polite?
    llm:
      modelId: openai/gpt-4o
      systemPrompt: You judge.
      prompt: "Polite: {{completion}}?"
      choices: [{ choice: 1, score: 0 }, { choice: 5, score: 1 }]
`);
    expect(metrics).toEqual({
      is_it_polite: {
        use: 'judge',
        rubric: 'You judge.\n\nPolite: {{completion}}?',
        choices: { 1: 0, 5: 1 },
        weight: 1,
      },
    });
    expect(models).toEqual({ judge: 'openai/gpt-4o' });
  });

  it.each([
    ['mistral-ai/mistral-large', 'mistral/mistral-large'],
    ['gpt-4o', 'openai/gpt-4o'],
    ['embedded/tinyllama-1.1b-chat', 'embedded/tinyllama-1.1b-chat'],
    ['meta/llama-4', undefined],
    ['constructor/x', 'constructor/x'],
  ])('%s is asked as %s', (model, wanted) => {
    expect(parse(file(`model: ${model}\n`).prompts[0]?.text ?? '').model).toBe(wanted);
  });

  it('are left out by the name of what every object has', () => {
    const { metrics, notes } = file(
      'evaluators: [{ name: a, uses: constructor }, { name: b, string: { toString: x } }]\n',
    );
    expect(Object.keys(metrics)).toEqual(['token_f1']);
    expect(notes).toEqual([
      'evaluator "a" is left out: no metric does what constructor does with these inputs',
      'evaluator "b" is left out: there is no test "toString"',
    ]);
  });

  it('leave out a row without a text for a placeholder, whatever its name', () => {
    const { rows } = importPromptYml(
      'a.prompt.yml',
      'messages: [{ role: user, content: "{{valueOf}}" }]\ntestData: [{ input: x, expected: y }]\n',
    );
    expect(rows).toEqual([]);
  });

  it('take expected JSON as the fields of an answer', () => {
    const { rows, metrics, notes } = importPromptYml(
      'a.prompt.yml',
      'responseFormat: json_object\nmessages: [{ role: user, content: "{{input}}" }]\ntestData: [{ input: x, expected: \'{"a": 1}\' }, { input: z, expected: no }]\n',
    );
    expect(rows.map(({ expected }) => expected)).toEqual([{ a: 1 }]);
    expect(metrics).toEqual({ format_compliance: { weight: 1 } });
    expect(notes.join()).toMatch(/1 row of testData left out: no `expected` that is a JSON object/);
  });
});

it.each([
  ['Say {{ x }} as {y}', 'Say {{ x }} as {y}'],
  ['Say {x} as {{"a": 1}}', 'Say {{x}} as {"a": 1}'],
  [`Say \${x} for $5 and $$`, 'Say {{x}} for $5 and $'],
  ['Say $x, {"a": 1}', 'Say {{x}}, {"a": 1}'],
])('the placeholders of a text are found in any form: %s', (text, wanted) => {
  const [prompt] = importPlainText('prompts/say.txt', text).prompts;
  expect(parse(prompt?.text ?? '').messages).toEqual([{ role: 'user', content: wanted }]);
});

describe('a plain text', () => {
  it('is looked through once, however long its open braces are', () => {
    const { notes } = importPlainText('prompts/a.txt', `{{${' '.repeat(1_000_000)}x`);
    expect(notes).toEqual(['left out: it holds no placeholder ({{name}}, {name} or $name)']);
  });
});
