import { parse } from 'yaml';
import { z } from 'zod';
import type { WorkflowPermissions } from '../../emulator/issued-tokens.ts';

const workflowSchema = z.object({
  jobs: z.record(
    z.string(),
    z.object({
      permissions: z.record(z.string(), z.enum(['read', 'write', 'none'])),
      steps: z.array(
        z.object({
          // Of another Action; steps of a shell have none.
          uses: z.string().default(''),
          with: z.record(z.string(), z.coerce.string()).default({}),
          env: z.record(z.string(), z.string()).default({}),
        }),
      ),
    }),
  ),
});

/** A job as a workflow that `init` writes has it: what the Action is given there, and nothing else. */
export type WorkflowJob = {
  readonly permissions: WorkflowPermissions;
  readonly fetchDepth: number;
  /** Of the Action, expressions as they stand. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
};

/** @param action the Action as its steps name it */
export function jobOf(workflow: string, name: string, action: string): WorkflowJob {
  const { permissions, steps } = workflowSchema.parse(parse(workflow)).jobs[name] ?? { steps: [] };
  const checkout = steps.find(({ uses }) => uses.startsWith('actions/checkout@'));
  const step = steps.find(({ uses }) => uses === action);
  if (!permissions || !step) throw new Error(`no job ${name} with the Action`);
  return {
    permissions,
    fetchDepth: Number(checkout?.with['fetch-depth'] ?? 1),
    inputs: step.with,
    environment: step.env,
  };
}

/** What the expressions of GitHub stand for, as `github.token`, paths into the event, and `secrets.KEY || github.token`. */
export function filled(
  values: Readonly<Record<string, string>>,
  contexts: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const valueAt = (path: string) => {
    const value = path.split('.').reduce<unknown>((within, key) => Object(within ?? {})[key], contexts);
    return value === undefined || value === null ? '' : String(value);
  };
  const filledWith = (expression: string) =>
    expression
      .split(' || ')
      .map(valueAt)
      .find((value) => value !== '') ?? '';
  return Object.fromEntries(
    Object.entries(values).map(([name, text]) => [
      name,
      text.replace(/\$\{\{\s*(.+?)\s*\}\}/g, (_, expression: string) => filledWith(expression)),
    ]),
  );
}
