import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type ExportedPrompt, exportPrompts } from '../../src/prompts/exporting/export.ts';
import { importPromptYml } from '../../src/prompts/importing/prompt-yml.ts';
import { parsePrompt } from '../../src/prompts/load.ts';
import { renderMessages } from '../../src/prompts/render.ts';
import { promptDigest } from '../../src/prompts/version.ts';
import { contents, promptline, repository } from '../cli/command-line.ts';
import { refusal, scratchFolder } from '../files/scratch.ts';

const source = `# yaml-language-server: $schema=../../schemas/prompt.schema.json
# Our mood.
description: The mood of a text
version: 1.2.0
model: openai/gpt-5-mini
modelParameters: { temperature: 0, maxTokens: 5, stop: ["\\n"] } # steady
output: { format: label, field: mood, labels: [good, bad] }
owner: { team: support } # of another tool
messages:
  - { role: system, content: "Name the mood: {good} or {bad}." }
  - { role: user, content: "Text: {{text}}" }
testData:
  - { text: sunny, expected: good }
`;

function exported(text: string, id = 'mood/default'): ExportedPrompt {
  return {
    prompt: parsePrompt(text, { id, shown: `prompts/${id}.prompt.yaml`, defaultModel: 'a/b' }),
    source: text,
  };
}

describe('an export', () => {
  it('to .prompt.yml keeps comments and other fields, and leaves out what only promptline knows', () => {
    const { files, notes } = exportPrompts([exported(source)], 'prompt-yml');
    const text = files['mood/default.prompt.yml'] ?? '';
    const { version, output, ...rest } = parse(source);
    expect([version, output.format]).toEqual(['1.2.0', 'label']);
    expect(parse(text)).toEqual({ ...rest, modelParameters: { temperature: 0, maxTokens: 5 } });
    expect(text).toContain('# Our mood.');
    expect(text).toContain('# of another tool');
    expect(text).not.toContain('yaml-language-server');
    expect(notes).toEqual(['mood/default: .prompt.yml has no stop; set them in the reader']);
  });

  it('to .prompt.yml writes the JSON Schema of an answer as GitHub reads it', () => {
    const schema = { type: 'object', properties: { mood: { type: 'string' } } };
    const text = source.replace(/output: .*/, `output: { format: json, schema: ${JSON.stringify(schema)} }`);
    const [file = ''] = Object.values(exportPrompts([exported(text)], 'prompt-yml').files);
    expect(parse(file).responseFormat).toBe('json_schema');
    expect(JSON.parse(parse(file).jsonSchema)).toMatchObject({ name: 'answer', schema });
    const again = parsePrompt(file, { id: 'a/b', shown: 'x', defaultModel: undefined });
    expect(again.output).toEqual({ format: 'json', schema });
  });

  it('to .prompt.yml and back sends the same messages', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((each) => each.trim() !== '');
    fc.assert(
      fc.property(text, text, (system, user) => {
        const messages = [
          { role: 'system', content: system },
          { role: 'user', content: `${user} {{text}}` },
        ];
        const own = JSON.stringify({ model: 'a/b', messages });
        const [file = ''] = Object.values(exportPrompts([exported(own)], 'prompt-yml').files);
        const [prompt] = importPromptYml('mood.prompt.yml', file).prompts;
        expect(parse(prompt?.text ?? '').messages).toEqual(messages);
      }),
    );
  });

  it('as text shows every message with its placeholders', () => {
    expect(exportPrompts([exported(source)], 'text').files).toEqual({
      'mood/default.txt': '[system]\nName the mood: {good} or {bad}.\n\n[user]\nText: {{text}}\n',
    });
  });

  it('as JSON holds what is sent and its digest', () => {
    const one = exported(source);
    const [file = ''] = Object.values(exportPrompts([one], 'json').files);
    expect(JSON.parse(file)).toEqual({
      schema: 1,
      id: 'mood/default',
      version: '1.2.0',
      digest: promptDigest(one.prompt),
      description: 'The mood of a text',
      model: 'openai/gpt-5-mini',
      parameters: { temperature: 0, maxTokens: 5, stop: ['\n'] },
      inputs: ['text'],
      messages: parse(source).messages,
    });
  });
});

describe("an export to LightRAG's prompts", () => {
  const extraction = source.replace(/output: .*/, 'output: { format: tuples }');

  it('is a Python module whose texts, filled by str.format, are the messages that were measured', () => {
    const system =
      'Use {braces}, {{}} and "quotes" in {{language}}.\nTab\there, é and \u2028 too: {"a": {"b": 1}}';
    const text = JSON.stringify({
      ...parse(extraction),
      messages: [
        { role: 'system', content: system },
        { role: 'user', content: 'Text: {{text}}' },
      ],
    });
    const one = exported(text, 'graph/entities');
    const folder = scratchFolder(exportPrompts([one], 'lightrag').files);
    const values = { language: 'Greek', input_text: '{{text}} stays {as} it is' };
    const script = `
import json, sys, lightrag_prompts as module
values = json.loads(sys.argv[1])
print(json.dumps([module.PROMPTS[key].format(**values) for key in ("entity_extraction_system_prompt", "entity_extraction_user_prompt")] + [module.VERSIONS]))
`;
    const output = execFileSync('python3', ['-c', script, JSON.stringify(values)], {
      cwd: folder,
      encoding: 'utf8',
    });
    const rendered = renderMessages(one.prompt.messages, { language: 'Greek', text: values.input_text });
    expect(JSON.parse(output)).toEqual([
      ...rendered.map(({ content }) => content),
      { 'graph/entities': '1.2.0' },
    ]);
  });

  it.each<[string, (text: string) => string, RegExp]>([
    [
      'a placeholder LightRAG does not fill',
      (text) => text.replace('{{text}}', '{{topic}}'),
      /LightRAG fills no \{\{topic\}\}/,
    ],
    [
      'demonstrations, which it would not send',
      (text) =>
        text.replace(
          'messages:\n',
          'messages:\n  - { role: user, content: a }\n  - { role: assistant, content: b }\n',
        ),
      /LightRAG sends one system and one user message here, and the prompt has 4/,
    ],
  ])('refuses %s', (_, change, message) => {
    expect(refusal(() => exportPrompts([exported(change(extraction))], 'lightrag')).join()).toMatch(message);
  });

  it('goes by the name of a prompt that answers otherwise, and says which it leaves out', () => {
    const response = JSON.stringify({
      model: 'a/b',
      messages: [
        { role: 'system', content: 'Answer from {{context_data}}.' },
        { role: 'user', content: '{{query}}' },
      ],
    });
    const { files, notes } = exportPrompts(
      [exported(response, 'answers/rag-response'), exported(source)],
      'lightrag',
    );
    expect(files['lightrag_prompts.py']).toContain(
      '"rag_response": (\n        "Answer from {context_data}."\n    ),',
    );
    expect(notes.join()).toMatch(/mood\/default is left out/);
    expect(refusal(() => exportPrompts([exported(source)], 'lightrag')).join()).toMatch(
      /none of these prompts/,
    );
  });
});

describe('promptline export', () => {
  it('prints, or writes files below a folder', async () => {
    const folder = repository();
    const printed = await promptline(folder, ['export', 'mood/default', '--format', 'text']);
    expect(printed).toEqual({
      code: 0,
      stderr: '',
      stdout: '[system]\nName the mood.\n\n[user]\nText: {{text}}\n',
    });
    const written = await promptline(folder, ['export', '--format', 'json', '--out', 'made']);
    expect(written.code).toBe(0);
    expect(Object.keys(contents(path.join(folder, 'made')))).toEqual(['mood/default.json']);
    expect(JSON.parse(readFileSync(path.join(folder, 'made/mood/default.json'), 'utf8')).id).toBe(
      'mood/default',
    );
  });

  it('asks for a format that it knows', async () => {
    const { code, stderr } = await promptline(repository(), ['export', '--format', 'yaml']);
    expect(code).toBe(2);
    expect(stderr).toContain('prompt-yml, text, json, lightrag');
  });
});
