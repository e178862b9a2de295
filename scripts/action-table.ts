import { parse } from 'yaml';
import { z } from 'zod';

const actionSchema = z.object({
  inputs: z.record(
    z.string(),
    z.object({
      description: z.string(),
      required: z.boolean().optional(),
      default: z.string().optional(),
    }),
  ),
  outputs: z.record(z.string(), z.object({ description: z.string() })),
});

const begin = '<!-- Generated from action.yml by `npm run schemas`. -->';
const end = '<!-- End of what is generated. -->';

/** The README with the table of the Action's inputs and outputs as `action.yml` has them. */
export function withActionTable(readme: string, actionYaml: string): string {
  const [before, rest] = readme.split(begin);
  const [, after] = rest?.split(end) ?? [];
  if (before === undefined || after === undefined)
    throw new Error(`README.md has no place "${begin} ... ${end}"`);
  return `${before}${begin}\n${actionTable(actionYaml)}\n${end}${after}`;
}

function actionTable(actionYaml: string): string {
  const { inputs, outputs } = actionSchema.parse(parse(actionYaml));
  const rows = [
    ...Object.entries(inputs).map(([name, { description, required, default: fallback }]) => {
      const notes = [required ? 'Required.' : '', fallback === undefined ? '' : `Default \`${fallback}\`.`];
      return row(name, 'input', [description, ...notes].filter((note) => note !== '').join(' '));
    }),
    ...Object.entries(outputs).map(([name, { description }]) => row(name, 'output', description)),
  ];
  return ['| Name | | Meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

function row(name: string, kind: string, meaning: string): string {
  return `| \`${name}\` | ${kind} | ${meaning.replaceAll('|', '\\|').replaceAll('\n', ' ')} |`;
}
