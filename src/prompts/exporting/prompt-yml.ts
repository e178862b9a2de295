import { parseYaml } from '../../files/yaml-source.ts';
import type { Prompt } from '../prompt.ts';

/** Fields of ours that readers of `.prompt.yml` do not know. */
const ownFields = ['version', 'output', 'alternatives'];

/** Parameters that `.prompt.yml` has no field for. */
const ownParameters = ['stop', 'seed'];

/**
 * A prompt file in GitHub's format. Comments, fields of other tools, test data and evaluators stay as they are; what the format
 * does not know is left out and named.
 * @param source the text of the prompt file
 */
export function promptYml(prompt: Prompt, source: string): { text: string; notes: string[] } {
  const { document } = parseYaml(prompt.path, withoutSchema(source));
  for (const field of ownFields) document.delete(field);
  const left = ownParameters.filter((name) => document.hasIn(['modelParameters', name]));
  for (const name of left) document.deleteIn(['modelParameters', name]);
  if (!document.has('model')) document.set('model', prompt.model);
  const { output } = prompt;
  if (output.format === 'json' && !document.has('responseFormat')) {
    document.set('responseFormat', output.schema ? 'json_schema' : 'json_object');
    if (output.schema) {
      const schema = { name: 'answer', strict: true, schema: output.schema };
      document.set('jsonSchema', JSON.stringify(schema, null, 2));
    }
  }
  return {
    text: document.toString({ lineWidth: 0 }),
    notes:
      left.length > 0
        ? [`${prompt.id}: .prompt.yml has no ${left.join(' and no ')}; set them in the reader`]
        : [],
  };
}

/** The line names our schema to editors, by a path that is another one where the export lies. */
function withoutSchema(text: string): string {
  return text.replace(/^((?:#.*\r?\n)*?)# yaml-language-server:.*\r?\n/, '$1');
}
