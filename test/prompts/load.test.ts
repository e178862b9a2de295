import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findPromptFiles, loadPrompt, parsePrompt, promptId } from '../../src/prompts/load.ts';
import { refusal, scratchFolder } from '../files/scratch.ts';

const messages = 'messages:\n  - { role: user, content: "Hi {{name}}" }\n';
const parse = (text: string, defaultModel: string | undefined = 'local/small') =>
  parsePrompt(text, { id: 'greeting/default', shown: 'p.yaml', defaultModel });
const refused = (text: string) => refusal(() => parse(text));

describe('a prompt file', () => {
  it('needs messages only', () => {
    expect(parse(messages)).toEqual({
      id: 'greeting/default',
      family: 'greeting',
      version: '0.0.0',
      description: undefined,
      model: 'local/small',
      parameters: {},
      messages: [{ role: 'user', content: 'Hi {{name}}' }],
      output: { format: 'text', field: 'text' },
      alternatives: [],
      path: 'p.yaml',
    });
  });

  it('says everything about how the model is asked', () => {
    const text = `version: 1.2.0\nmodel: openai/gpt-5-mini\nmodelParameters: { temperature: 0, stop: ["\\n"], seed: 7 }
output: { format: label, field: intent, labels: [a, b] }\nalternatives: [Sort.]\n${messages}`;
    expect(parse(text)).toMatchObject({
      version: '1.2.0',
      model: 'openai/gpt-5-mini',
      parameters: { temperature: 0, stop: ['\n'], seed: 7 },
      output: { format: 'label', field: 'intent', labels: ['a', 'b'] },
      alternatives: ['Sort.'],
    });
  });

  it.each([
    ['an empty file', '# nothing yet\n', 'p.yaml:1:1: the file is empty. Write at least `messages:`.'],
    [
      'a tab',
      'messages:\n\t- role: user\n',
      'p.yaml:2:1: a tab as indentation. Indent with spaces: YAML does not allow tabs.',
    ],
    [
      'a misspelt key that must be there',
      messages.replace('messages', 'mesages'),
      'p.yaml:1:1: unknown key "mesages". Did you mean "messages"?',
    ],
    [
      'a misspelt key that may be there',
      `${messages}modle: a/b\n`,
      'p.yaml:3:1: unknown key "modle". Did you mean "model"?',
    ],
    [
      'a misspelt key of a message',
      messages.replace('content', 'contnet'),
      'p.yaml:2:19: unknown key "contnet". Did you mean "content"?',
    ],
    [
      'an unknown parameter',
      `${messages}modelParameters:\n  max_tokens: 5\n`,
      'p.yaml:4:3: unknown key "max_tokens". Did you mean "maxTokens"?',
    ],
    [
      'an unknown role',
      messages.replace('user', 'usr'),
      'p.yaml:2:13: messages.0.role: "usr" is not known. Did you mean "user"?',
    ],
    [
      'an unknown format',
      `${messages}output: { format: lable, field: x }\n`,
      'p.yaml:3:19: output.format: "lable" is not known. Did you mean "label"?',
    ],
    [
      'a format without its field',
      `${messages}output: { format: label }\n`,
      'p.yaml:3:9: output: "field" is missing',
    ],
    [
      'an empty message',
      `${messages}  - { role: assistant, content: "  " }\n`,
      'p.yaml:3:5: messages.1 is empty. Write its text or remove it.',
    ],
    ['no messages', 'messages: []\n', 'p.yaml:1:11: messages: must have at least 1 items'],
    [
      'a version that is a number',
      `version: 1.0\n${messages}`,
      'p.yaml:1:10: version: must be a text, not 1. Put it in quotes.',
    ],
    [
      'a version that is not semver',
      `version: v1.0.0\n${messages}`,
      'p.yaml:1:10: version: must be semver, as 1.2.0',
    ],
    [
      'a model without its provider',
      `model: gpt-5\n${messages}`,
      'p.yaml:1:8: model: must be provider/model, as embedded/tinyllama-1.1b-chat or openai/gpt-5-mini',
    ],
    [
      'a schema that is not JSON',
      `responseFormat: json_schema\njsonSchema: "{"\n${messages}`,
      'p.yaml:2:13: jsonSchema is not a JSON object. Write the JSON Schema as JSON text in a block (|).',
    ],
    [
      'a schema that is a list',
      `responseFormat: json_schema\njsonSchema: "[]"\n${messages}`,
      'p.yaml:2:13: jsonSchema is not a JSON object. Write the JSON Schema as JSON text in a block (|).',
    ],
  ])('is refused for %s, with the place', (_, text, message) => {
    expect(refused(text)).toEqual([message]);
  });

  it('needs a model somewhere', () => {
    expect(
      refusal(() => parsePrompt(messages, { id: 'a/b', shown: 'p.yaml', defaultModel: undefined })),
    ).toEqual(['p.yaml:1:1: no model. Add `model: provider/model` here or models.task to promptline.yaml.']);
  });
});

describe("GitHub's .prompt.yml", () => {
  const schema = '{"type": "object", "properties": {"a": {"type": "string"}}}';
  const withSchema = (text: string) => `responseFormat: json_schema\njsonSchema: '${text}'\n${messages}`;
  const json = { format: 'json', schema: JSON.parse(schema) };

  it('gives its response format as the output', () => {
    expect(parse(`responseFormat: text\n${messages}`).output).toEqual({ format: 'text', field: 'text' });
    expect(parse(`responseFormat: json_object\n${messages}`).output).toEqual({ format: 'json' });
    expect(parse(withSchema(schema)).output).toEqual(json);
    expect(parse(withSchema(`{"name": "x", "strict": true, "schema": ${schema}}`)).output).toEqual(json);
  });

  it('keeps its own answer format beside theirs', () => {
    const text = `output: { format: text, field: summary }\n${withSchema(schema)}`;
    expect(parse(text).output).toEqual({ format: 'text', field: 'summary' });
  });

  it('may hold test data, evaluators, and fields of other tools', () => {
    const others = 'testData:\n  - input: x\nevaluators: []\ndate: today\nnote: y\ntype: chat\n';
    expect(parse(others + messages).messages).toHaveLength(1);
  });
});

describe('prompt files of a repository', () => {
  it('are found by their endings, with ids from their paths', () => {
    const root = scratchFolder({
      'prompts/b/two.prompt.yml': messages,
      'prompts/a/one.prompt.yaml': messages,
      'prompts/a/deep/three.prompt.yaml': messages,
      'prompts/a/notes.yaml': '',
    });
    const ids = findPromptFiles(root).map((file) => promptId(root, file));
    expect(ids).toEqual(['a/deep/three', 'a/one', 'b/two']);
    expect(findPromptFiles(path.join(root, 'prompts'))).toEqual([]);
  });

  it('may not share an id', () => {
    const root = scratchFolder({ 'prompts/a/b.prompt.yaml': messages, 'prompts/a/b.prompt.yml': messages });
    expect(refusal(() => findPromptFiles(root))).toEqual([
      'prompts/a/b.prompt.yml: prompts/a/b.prompt.yaml is the prompt a/b too. Keep one of the two.',
    ]);
  });

  it('may not be links out of it', () => {
    const folder = scratchFolder({ 'secret.yaml': messages, 'repo/prompts/a/b.prompt.yaml': messages });
    const root = path.join(folder, 'repo');
    const link = path.join(root, 'prompts/a/c.prompt.yaml');
    symlinkSync(path.join(folder, 'secret.yaml'), link);
    expect(loadPrompt(root, path.join(root, 'prompts/a/b.prompt.yaml'), 'm/n').id).toBe('a/b');
    expect(refusal(() => loadPrompt(root, link, 'm/n'))).toEqual([
      'prompts/a/c.prompt.yaml: "prompts/a/c.prompt.yaml" leads out of the repository. Name a path inside it.',
    ]);
  });
});
