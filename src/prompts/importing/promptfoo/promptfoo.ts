import path from 'node:path';
import { z } from 'zod';
import { validateYaml } from '../../../files/validate.ts';
import { parseYaml, refuseEmpty } from '../../../files/yaml-source.ts';
import { messagePlaceholders } from '../../render.ts';
import { type Imported, type ImportedPrompt, plainName } from '../imported.ts';
import { promptFileText } from '../prompt-file.ts';
import type { SourceFiles } from './files.ts';
import { type ImportedModel, importModel } from './models.ts';
import { findPrompts } from './prompts.ts';
import { importRows } from './rows.ts';
import { findTests } from './tests.ts';

const configurationSchema = z.looseObject({
  description: z.string().optional(),
  prompts: z.unknown().optional(),
  providers: z.unknown().optional(),
  targets: z.unknown().optional(),
  tests: z.unknown().optional(),
  defaultTest: z.unknown().optional(),
});

/** Keys that say how promptfoo runs, shows or extends itself; what they do has no place in ours. */
const without = ['scenarios', 'redteam', 'nunjucksFilters', 'extensions', 'derivedMetrics'];

/**
 * A configuration of promptfoo: its prompts are one family, as all of them run on its tests.
 * @param file with forward slashes, relative to the repository
 * @throws {PromptlineError} for a file that is no configuration
 */
export function importPromptfoo(file: string, files: SourceFiles): Imported {
  const source = parseYaml(file, files.read(file));
  refuseEmpty(source, 'Write at least `prompts:`');
  const configuration = validateYaml(configurationSchema, source);
  const notes: string[] = [];
  const models = [configuration.providers ?? configuration.targets ?? []].flat().map(importModel);
  const [first] = models.flatMap((model) => (model.model === null ? [] : [model]));
  noteModels(models, first?.model, notes);

  const found = findPrompts(configuration.prompts, file, files);
  const prompts = found.flatMap((prompt): ImportedPrompt[] => {
    if (prompt.messages === null) {
      notes.push(`prompt "${prompt.name}" left out: ${prompt.why}`);
      return [];
    }
    const { name, messages } = prompt;
    const { description } = configuration;
    const text = promptFileText({ description, parameters: first?.parameters, messages });
    return [{ name, text, inputs: messagePlaceholders(messages) }];
  });
  const inputs = [...new Set(prompts.flatMap((prompt) => prompt.inputs))];
  const tests = findTests(configuration, file, files);
  const rows = importRows(tests.tests, inputs);
  const keys = without.filter((key) => Object.hasOwn(configuration, key));
  if (keys.length > 0) notes.push(`left out: ${keys.join(', ')}`);
  const judged = Object.values(rows.metrics).some(({ use }) => use === 'judge');
  if (judged && first) notes.push(`the judge is ${first.model}, the first provider: models.judge names it`);
  return {
    file,
    used: [
      ...tests.used,
      ...found.flatMap((prompt) => (prompt.messages && prompt.file ? [prompt.file] : [])),
    ],
    family: familyName(file),
    prompts,
    rows: rows.rows,
    metrics: rows.metrics,
    models: first ? { task: first.model, ...(judged && { judge: first.model }) } : {},
    providers: Object.fromEntries(
      models.flatMap((model) =>
        model.model !== null && model.provider ? [[model.provider.name, model.provider.entry]] : [],
      ),
    ),
    notes: [...notes, ...tests.notes, ...rows.notes],
  };
}

function noteModels(models: readonly ImportedModel[], first: string | undefined, notes: string[]): void {
  for (const model of models) {
    if (model.model === null) notes.push(`left out: ${model.why}`);
    else if (model.model !== first)
      notes.push(`${model.model} is measured with \`promptline evaluate --model ${model.model}\``);
  }
}

/** The folder's name; at the top of the repository the tool's. */
function familyName(file: string): string {
  const folder = path.posix.basename(path.posix.dirname(file));
  return folder === '.' ? 'promptfoo' : plainName(folder, 'promptfoo');
}
