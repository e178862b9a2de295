import type { ScorebookEntry } from '../../optimization/scorebook-schema.ts';
import type { RolloutPlan } from '../../rollout/plan.ts';
import type { RolloutState } from '../../rollout/state.ts';
import type { Fact } from '../costs.ts';

/** All that is recorded of a repository's prompts, from its files, the state branch and telemetry. */
export type Inventory = {
  /** Its name, for people. */
  readonly repository: string;
  /** ISO 8601. */
  readonly at: string;
  readonly prompts: readonly InventoryPrompt[];
  readonly rollouts: RolloutInventory;
  /** Null where no telemetry is configured. */
  readonly production: Production | null;
  /** Null where production is not monitored. */
  readonly monitoring: Monitoring | null;
  /** What measuring and optimizing took, by prompt, of the runs whose results are on this machine. */
  readonly runs: readonly Spend[];
  /** Why something is missing, a line each. */
  readonly problems: readonly string[];
};

/** What `status` shows. */
export type Dashboard = Inventory & { readonly recommendations: readonly Recommendation[] };

/** What to do next with one prompt, on what evidence, and how. */
export type Recommendation = {
  readonly kind: 'rollout' | 'release' | 'optimize' | 'label' | 'retire';
  readonly prompt: string;
  /** Why, as one sentence. */
  readonly finding: string;
  readonly evidence: readonly Fact[];
  /** To be run in the repository. */
  readonly command: string;
};

/** A prompt as its file has it today, with the versions that its scorebook tells of. */
export type InventoryPrompt = {
  /** `<family>/<name>`. */
  readonly id: string;
  /** Of its file. */
  readonly version: string;
  /** `provider/model`. */
  readonly model: string;
  /** Relative to the repository. */
  readonly path: string;
  /** Of what is sent. */
  readonly digest: string;
  /** The test split as it is today; null where it has none that loads. */
  readonly test: { readonly path: string; readonly digest: string; readonly n: number } | null;
  /** Whether a metric of its family has a weight. */
  readonly hasObjective: boolean;
  /** Oldest first. */
  readonly entries: readonly ScorebookEntry[];
};

/** Where rollouts stand; `problem` says why that is not known, and then there are no states. */
export type RolloutInventory = {
  /** Null where none are configured, or they are not known. */
  readonly plan: RolloutPlan | null;
  readonly states: readonly RolloutState[];
  readonly problem: string | null;
};

/** Why there is nothing to say of rollouts, as a sentence; null where there is. */
export function withoutRollouts({ plan, problem }: RolloutInventory): string | null {
  if (problem !== null) return `Not known: ${problem}`;
  return plan === null ? 'None are configured: there is no rollout in promptline.yaml.' : null;
}

/** What telemetry has of production. */
export type Production = {
  /** ISO 8601: calls before were not read. */
  readonly since: string;
  /** The first and the last call, ISO 8601; null where there is none. */
  readonly window: { readonly from: string; readonly to: string } | null;
  /** Calls that name no prompt. */
  readonly unnamed: number;
  /** By prompt; where it was called. */
  readonly uses: readonly ProductionUse[];
};

export type ProductionUse = Spend & {
  readonly failed: number;
  readonly users: number;
  /** Users who said what they think of an answer, the first time each, and those of them who disliked it. */
  readonly feedback: { readonly users: number; readonly disliked: number };
  /** ISO 8601. */
  readonly lastCall: string;
};

/** What calls for one prompt took. */
export type Spend = {
  readonly prompt: string;
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Null where the price of any call is not known. */
  readonly usd: number | null;
};

/** What watching production found. */
type Monitoring = {
  readonly windows: readonly MonitoredWindow[];
  readonly alerts: readonly MonitoredAlert[];
};

/** One version of a prompt in one window of time. */
export type MonitoredWindow = {
  readonly prompt: string;
  readonly version: string;
  readonly model: string;
  /** ISO 8601. */
  readonly from: string;
  readonly to: string;
  readonly calls: number;
  readonly users: number;
  /** By metric. */
  readonly metrics: Readonly<Record<string, { readonly mean: number; readonly p95: number }>>;
};

/** Something of production that is wrong, or was. */
type MonitoredAlert = {
  readonly prompt: string;
  readonly state: 'pending' | 'firing' | 'resolved';
  /** ISO 8601: when it began, or was resolved. */
  readonly since: string;
  /** What is wrong, in a few words: a rule's name, a kind of drift. */
  readonly title: string;
  /** With its numbers. */
  readonly reasons: readonly string[];
};

/** The newest entry of a scorebook. */
export function newestEntry({ entries }: InventoryPrompt): ScorebookEntry | null {
  return entries.at(-1) ?? null;
}

/** The sum of what several calls took; dollars are unknown as soon as one price is. */
export function totalOf(spends: readonly Spend[]): Omit<Spend, 'prompt'> {
  return spends.reduce<Omit<Spend, 'prompt'>>(
    (sum, { calls, inputTokens, outputTokens, usd }) => ({
      calls: sum.calls + calls,
      inputTokens: sum.inputTokens + inputTokens,
      outputTokens: sum.outputTokens + outputTokens,
      usd: sum.usd === null || usd === null ? null : sum.usd + usd,
    }),
    { calls: 0, inputTokens: 0, outputTokens: 0, usd: 0 },
  );
}
