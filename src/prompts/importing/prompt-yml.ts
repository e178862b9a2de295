import path from 'node:path';
import { isMap } from 'yaml';
import { z } from 'zod';
import { validateYaml } from '../../files/validate.ts';
import { parseYaml, refuseEmpty, type YamlSource } from '../../files/yaml-source.ts';
import { parsePrompt } from '../load.ts';
import { messagePlaceholders } from '../render.ts';
import { evaluatorSchema, type ImportedEvaluators, importEvaluators } from './github-evaluators.ts';
import { githubModel } from './github-models.ts';
import { type Imported, plainName } from './imported.ts';
import { importTestData } from './test-data.ts';

const promptYmlSchema = z.looseObject({
  model: z.string().optional(),
  modelParameters: z.record(z.string(), z.unknown()).optional(),
  messages: z.array(z.looseObject({ role: z.string() })).min(1),
  testData: z.array(z.record(z.string(), z.unknown())).default([]),
  evaluators: z.array(evaluatorSchema).default([]),
});

type PromptYml = z.output<typeof promptYmlSchema>;

/** The parameters of a model that we ask with. */
const parameterNames = ['temperature', 'topP', 'maxTokens', 'stop', 'seed'];

/**
 * A prompt of GitHub's format with its test data and evaluators. Every field and comment of the file survives; only a version is added, and
 * what promptline cannot read is changed: the name of a model, the parameters it does not send, the role `developer`.
 * @param file with forward slashes, relative to the repository; one below `prompts/` is read where it stands
 * @throws {PromptlineError} for a file that is no prompt
 */
export function importPromptYml(file: string, text: string): Imported {
  const source = parseYaml(file, text);
  refuseEmpty(source, 'Write at least `messages:`');
  const content = validateYaml(promptYmlSchema, source);
  const isInPlace = file.startsWith('prompts/');
  const notes: string[] = [];
  const own = isInPlace ? text : rewrite(source, content, notes);
  const { family, name } = isInPlace ? placeOf(file) : { family: stemOf(file), name: 'default' };
  const prompt = parsePrompt(own, { id: `${family}/${name}`, shown: file, defaultModel: 'models/task' });
  const inputs = messagePlaceholders(prompt.messages);
  const evaluators = importEvaluators(content.evaluators, {
    inputs,
    isText: prompt.output.format === 'text',
  });
  const { rows, notes: rowNotes } = importTestData(content.testData, {
    inputs,
    checks: evaluators.checks,
    output: prompt.output,
  });
  const judge = evaluators.judge === undefined ? null : githubModel(evaluators.judge);
  return {
    file,
    used: [],
    family,
    prompts: [{ name, text: isInPlace ? null : own, inputs }],
    rows,
    metrics: metricsOf(evaluators, prompt.output.format),
    models: judge === null ? {} : { judge },
    providers: {},
    notes: [...notes, ...rowNotes, ...evaluators.notes],
  };
}

/** Without an evaluator that fits, an answer is compared with the expected one word by word. */
function metricsOf({ metrics }: ImportedEvaluators, format: string): Imported['metrics'] {
  const isWeighed = Object.values(metrics).some(({ weight }) => weight !== undefined);
  if (isWeighed) return metrics;
  if (format === 'json') return { format_compliance: { weight: 1 }, ...metrics };
  return { token_f1: { field: 'text', weight: 1, gate: { maxDrop: 0.05 } }, ...metrics };
}

function rewrite({ document }: YamlSource, content: PromptYml, notes: string[]): string {
  const map = document.contents;
  if (!document.has('version') && isMap(map)) map.items.unshift(document.createPair('version', '1.0.0'));
  if (content.model !== undefined) {
    const model = githubModel(content.model);
    if (model === null) {
      document.delete('model');
      notes.push(`the model ${content.model} has no provider here: models.task of promptline.yaml stands in`);
    } else if (model !== content.model) {
      document.set('model', model);
      notes.push(`the model ${content.model} is ${model} here`);
    }
  }
  const unknown = Object.keys(content.modelParameters ?? {}).filter((name) => !parameterNames.includes(name));
  for (const name of unknown) document.deleteIn(['modelParameters', name]);
  if (unknown.length > 0) notes.push(`left out of modelParameters: ${unknown.join(', ')}`);
  for (const [index, { role }] of content.messages.entries()) {
    if (role === 'developer') document.setIn(['messages', index, 'role'], 'system');
  }
  return document.toString({ lineWidth: 0 });
}

function stemOf(file: string): string {
  return plainName(path.posix.basename(file).replace(/\.prompt\.ya?ml$/, ''), 'imported');
}

/** Family and name of a file below `prompts/`, as its id has them. */
function placeOf(file: string): { family: string; name: string } {
  const [family = '', ...rest] = file
    .slice('prompts/'.length)
    .replace(/\.prompt\.ya?ml$/, '')
    .split('/');
  return { family, name: rest.length > 0 ? rest.join('/') : family };
}
