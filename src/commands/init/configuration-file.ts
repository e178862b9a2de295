import { Document } from 'yaml';
import { configurationFile } from '../../config/load.ts';
import type { WaitingFamily } from './families.ts';

type ConfigurationContent = {
  readonly models: Readonly<Record<string, string>>;
  readonly providers: Readonly<Record<string, unknown>>;
  readonly families: Readonly<Record<string, unknown>>;
  readonly waiting: readonly WaitingFamily[];
};

/** The text of a first promptline.yaml. */
export function configurationText({ models, providers, families, waiting }: ConfigurationContent): string {
  const content = {
    version: 1,
    models,
    ...(Object.keys(providers).length > 0 && { providers }),
    families,
  };
  const document = new Document(content, { aliasDuplicateObjects: false });
  document.commentBefore =
    ' Which prompts are measured, on what and by what. `promptline check` validates this file and all that it names.\n' +
    ' models.task runs prompts that name no model: provider/model, as openai/gpt-5-mini with OPENAI_API_KEY set.';
  const text = document.toString({ lineWidth: 0 });
  return [text, ...waiting.map(describeWaiting)].join('');
}

function describeWaiting({ name, inputs }: WaitingFamily): string {
  const input = [...new Set(inputs)].map((each) => `${each}: "..."`).join(', ');
  const lines = [
    `${name} waits for data. Write datasets/${name}/test.yaml with rows such as`,
    `  - { id: "1", input: { ${input} }, expected: { text: "the right answer" } }`,
    `rename prompts/${name}/*.prompt-draft.yaml to *.prompt.yaml, and put under families of ${configurationFile}:`,
    `  ${name}: { datasets: { test: datasets/${name}/test.yaml }, metrics: { token_f1: { field: text, weight: 1 } } }`,
  ];
  return `\n${lines.map((line) => `# ${line}\n`).join('')}`;
}
