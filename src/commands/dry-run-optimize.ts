import type { Composites } from '../models/composite/composite-config.ts';
import { findComposite, reachable } from '../models/composite/references.ts';
import { shareOf } from '../models/shares.ts';
import { forecast, type Stage } from '../optimization/forecast.ts';
import { terminalText } from '../reports/hostile.ts';
import { count, dollars, whyUnknown } from './dry-run.ts';
import { type OptimizationJob, type OptimizationSelection, planOptimization } from './plan-optimization.ts';
import type { Session } from './session.ts';
import type { Workspace } from './workspace.ts';

/** What a step would ask, of which model. */
type PlannedStage = Stage & {
  readonly model: string;
  /** A composite may ask more than what every request takes: the amounts are the least, and no most is known. */
  readonly atLeast: boolean;
};

type PlannedOptimization = {
  readonly id: string;
  readonly version: string;
  readonly strategy: string;
  /** Why `auto` takes this way; null where the strategy was asked for. */
  readonly why: string | null;
  /** What the search begins with, in words. */
  readonly starts: readonly string[];
  readonly stages: readonly PlannedStage[];
};

export type OptimizeDryRun = {
  readonly planned: readonly PlannedOptimization[];
  /** Of the run. */
  readonly limits: { readonly tokens?: number; readonly usd?: number; readonly minutes?: number };
  /** Of them, what the first prompt may use; later ones have that or more. */
  readonly share: OptimizeDryRun['limits'];
};

/** The plan of an optimization; asks nothing and needs no key. */
export async function planOptimizeDryRun(
  workspace: Workspace,
  session: Session,
  { parallel, ...selection }: OptimizationSelection & { readonly parallel: number },
): Promise<OptimizeDryRun> {
  const jobs = planOptimization(workspace, session, selection);
  const { composites } = workspace.configuration;
  const planned: PlannedOptimization[] = [];
  for (const job of jobs) planned.push(await planJob(job, session, { seed: selection.seed, composites }));
  const { tokens, usd, minutes } = session.budget.limits;
  const limits = { tokens, usd, minutes };
  const untouched = { tokens: 0, usd: 0, minutes: 0 };
  return {
    planned,
    limits: known(limits),
    share: known(shareOf(limits, untouched, { parts: jobs.length, atOnce: parallel })),
  };
}

async function planJob(
  { task: { prompt }, splits, settings, proposer, learnt, plan }: OptimizationJob,
  session: Session,
  { seed, composites }: { seed: number; composites: Composites },
): Promise<PlannedOptimization> {
  const preview = await session.preview(prompt.model);
  const proposerPreview = proposer === undefined ? null : await session.preview(proposer);
  const stages = forecast({ prompt, splits, settings, seed, plan, preview, proposerPreview });
  return {
    id: prompt.id,
    version: prompt.version,
    strategy: plan.strategy,
    why: plan.why,
    starts: learnt.map(({ why }) => why),
    stages: stages.map((stage) => {
      const isProposers = stage.stage === 'proposals' || stage.stage === 'answers';
      const model = isProposers && proposer !== undefined ? proposer : prompt.model;
      return withComposite(stage, model, mayAskMore(model, composites));
    }),
  };
}

function withComposite(stage: Stage, model: string, atLeast: boolean): PlannedStage {
  if (!atLeast) return { ...stage, model, atLeast };
  return { ...stage, model, atLeast, usd: { ...stage.usd, most: null } };
}

/** Whether what a model asks depends on answers: a stronger model, one in reserve, a judge. A vote asks all of its members. */
function mayAskMore(model: string, composites: Composites): boolean {
  const types = reachable(model, composites).map((each) => findComposite(each, composites)?.type);
  return types.some((type) => type !== undefined && type !== 'vote');
}

/** The plan as lines for people. */
export function describeOptimizePlan({ planned, share, limits }: OptimizeDryRun): string {
  return [
    ...planned.flatMap(describePrompt),
    ...describeShare(planned.length, share, limits),
    `Nothing was asked. ${describeTotal(planned.flatMap(({ stages }) => stages))}`,
  ].join('\n');
}

function describePrompt({ id, version, strategy, why, starts, stages }: PlannedOptimization): string[] {
  const reasons = [why, ...starts.map((start) => `begins with a candidate ${start}`)].filter(
    (reason) => reason !== null,
  );
  const head = [`${terminalText(id)} ${version}`, strategy, ...reasons.map((reason) => terminalText(reason))];
  return [head.join('  '), ...stages.map((stage) => `  ${describeStage(stage)}`)];
}

function describeStage(stage: PlannedStage): string {
  const { model, calls, stored, inputTokens, outputTokens, usd, atLeast } = stage;
  const parts = [
    stage.stage.padEnd('base on test'.length),
    model,
    `${count(calls.expected)} calls${atMost(calls)}${stored === null ? '' : `, ${count(stored)} stored`}`,
    `about ${count(inputTokens.expected)} tokens in${atMost(inputTokens)}`,
    outputTokens.expected === null
      ? 'tokens out unknown'
      : `${count(outputTokens.expected)} out${atMost(outputTokens)}`,
    usd.expected === null ? 'cost unknown' : `${atLeast ? 'at least ' : ''}${dollars(usd)}`,
  ];
  return parts.join('  ');
}

function atMost({ expected, most }: { expected: number | null; most: number | null }): string {
  return most === null || most === expected ? '' : `, at most ${count(most)}`;
}

function describeShare(
  prompts: number,
  share: OptimizeDryRun['share'],
  limits: OptimizeDryRun['limits'],
): string[] {
  const amounts = [
    share.usd === undefined ? null : `$${share.usd} of $${limits.usd}`,
    share.tokens === undefined ? null : `${count(share.tokens)} of ${count(limits.tokens ?? 0)} tokens`,
    share.minutes === undefined ? null : `${share.minutes} of ${limits.minutes} minutes`,
  ].filter((amount) => amount !== null);
  if (prompts < 2 || amounts.length === 0) return [];
  return [`Each of the ${prompts} prompts may use ${amounts.join(', ')}, and what earlier ones leave.`];
}

function describeTotal(stages: readonly PlannedStage[]): string {
  const sum = (of: 'expected' | 'most') =>
    stages.reduce<number | null>(
      (total, { usd }) => (total === null || usd[of] === null ? null : total + usd[of]),
      0,
    );
  const [expected, most] = [sum('expected'), sum('most')];
  const unknown = whyUnknown(stages);
  if (unknown !== null) return unknown;
  const least = stages.some(({ atLeast }) => atLeast) ? 'at least ' : '';
  return `Expected cost: ${least}${dollars({ expected, most })}, without what metrics ask themselves.`;
}

/** The limits that there are. */
function known(limits: {
  tokens?: number | undefined;
  usd?: number | undefined;
  minutes?: number | undefined;
}) {
  return {
    ...(limits.tokens !== undefined && { tokens: limits.tokens }),
    ...(limits.usd !== undefined && { usd: limits.usd }),
    ...(limits.minutes !== undefined && { minutes: limits.minutes }),
  };
}
