import type { ExampleSource } from '../datasets/dataset.ts';
import { type Estimate, estimate } from '../evaluation/estimate.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { terminalText } from '../reports/hostile.ts';
import type { CommonOptions } from './command-options.ts';
import type { EvaluateOptions } from './evaluate.ts';
import { planEvaluation } from './plan-evaluation.ts';
import { planVersions, type VersionsSelection } from './plan-versions.ts';
import type { Session } from './session.ts';
import type { Terminal } from './terminal.ts';
import type { Workspace } from './workspace.ts';

/** What an evaluation would ask of one model for one prompt. */
type PlannedPrompt = {
  readonly id: string;
  readonly version: string;
  readonly model: string;
  /** Its version at the base is asked too. */
  readonly side: 'head' | 'base';
  readonly estimate: Estimate;
};

export type DryRun = {
  readonly planned: readonly PlannedPrompt[];
  /** Prompts that would not be measured because nothing of them changed since the base. */
  readonly unchanged: readonly string[];
};

/** The plan of an evaluation; asks nothing. */
export async function planDryRun(
  workspace: Workspace,
  session: Session,
  options: EvaluateOptions,
): Promise<DryRun> {
  const tools = { metrics: session.tools, open: session.preview };
  const { jobs, unchanged } = await planEvaluation(workspace, tools, options);
  const sides = jobs.flatMap(({ task, source, before }) => [
    { side: 'head' as const, prompt: task.prompt, source },
    ...(before?.prompt ? [{ side: 'base' as const, prompt: before.prompt, source }] : []),
  ]);
  return { planned: await estimateEach(session, sides, options.repeat), unchanged };
}

/** The plan of an evaluation of released versions; asks nothing. */
export async function planVersionsDryRun(
  workspace: Workspace,
  session: Session,
  { repeat, ...selection }: VersionsSelection & Pick<EvaluateOptions, 'repeat'>,
): Promise<DryRun> {
  const tools = { metrics: session.tools, open: session.preview };
  const { prompts, source } = await planVersions(workspace, tools, selection);
  const sides = prompts.map((prompt) => ({ side: 'head' as const, prompt, source }));
  return { planned: await estimateEach(session, sides, repeat), unchanged: [] };
}

type Side = Pick<PlannedPrompt, 'side'> & { readonly prompt: Prompt; readonly source: ExampleSource };

async function estimateEach(
  session: Session,
  sides: readonly Side[],
  repeat: number,
): Promise<PlannedPrompt[]> {
  const planned: PlannedPrompt[] = [];
  for (const { side, prompt, source } of sides) {
    const preview = await session.preview(prompt.model);
    const { id, version, model } = prompt;
    const expected = estimate(prompt, source.examples(), repeat, preview);
    planned.push({ id, version, model, side, estimate: expected });
  }
  return planned;
}

/** Prints a plan: as one JSON document, or as lines for people. */
export function showPlan(terminal: Terminal, plan: object, lines: string, { json }: CommonOptions): void {
  terminal.out(json ? `${JSON.stringify({ schema: 1, ...plan })}\n` : `${lines}\n`);
}

/** The plan as lines for people. */
export function describePlan({ planned, unchanged }: DryRun): string {
  const lines = planned.map(
    ({ id, version, model, side, estimate: { calls, stored, inputTokens, outputTokens, usd } }) => {
      const parts = [
        `${terminalText(id)} ${version}${side === 'base' ? ' (base)' : ''}`,
        model,
        `${calls} calls${stored === null ? '' : `, ${stored} stored`}`,
        `about ${count(inputTokens)} tokens in`,
        outputTokens.expected === null ? 'tokens out unknown' : `${count(outputTokens.expected)} out`,
        usd.expected === null ? 'cost unknown' : dollars(usd),
      ];
      return parts.join('  ');
    },
  );
  const total = planned.reduce((sum, { estimate: each }) => sum + (each.usd.expected ?? 0), 0);
  const unknown = whyUnknown(planned.map(({ estimate: each }) => each));
  return [
    ...lines,
    ...unchanged.map((id) => `${terminalText(id)}  unchanged, not measured`),
    `Nothing was asked. ${unknown ?? `Expected cost: $${total.toFixed(4)}.`}`,
  ].join('\n');
}

/** Why the cost of all is not known, and what mends it; null where it is known. */
export function whyUnknown(
  parts: readonly { readonly [Key in 'outputTokens' | 'usd']: Pick<Estimate[Key], 'expected'> }[],
): string | null {
  const unknown = parts.filter(({ usd }) => usd.expected === null);
  if (unknown.length === 0) return null;
  const isLong = ({ outputTokens }: (typeof parts)[number]) => outputTokens.expected === null;
  const mends = [
    ...(unknown.every(isLong) ? [] : ['name the price of the provider']),
    ...(unknown.some(isLong) ? ['say by `maxTokens` how long an answer of the prompt may be'] : []),
  ];
  return `The cost is not known: ${mends.join(', and ')}.`;
}

/** Expected dollars, and the most where that is more. */
export function dollars({ expected, most }: Estimate['usd']): string {
  const shown = `$${(expected ?? 0).toFixed(4)}`;
  return most === null || most === expected ? shown : `${shown}, at most $${most.toFixed(4)}`;
}

/** A number with its thousands apart. */
export function count(value: number): string {
  return value.toLocaleString('en');
}
