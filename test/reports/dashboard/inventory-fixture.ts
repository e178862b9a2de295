import type {
  Dashboard,
  Inventory,
  InventoryPrompt,
  ProductionUse,
} from '../../../src/reports/dashboard/dashboard.ts';
import { recommendationsOf } from '../../../src/reports/dashboard/recommendations.ts';
import { initialState, type RolloutState } from '../../../src/rollout/state.ts';
import { transition } from '../../../src/rollout/transition.ts';
import { createRandom, type Random } from '../../../src/statistics/random.ts';
import { byPerson, minute, observed, planWith, play, released, traffic } from '../../rollout/fixtures.ts';

const DAY = 86_400_000;
export const plan = planWith({ metrics: { success: {}, latency: {} } });

/** When the fixtures' inventory is taken, ISO 8601. */
export const at = minute(3 * 24 * 60);

export function sha256(of: string): string {
  return Buffer.from(of).toString('hex').padEnd(64, '0').slice(0, 64);
}

export type Entry = InventoryPrompt['entries'][number];

export function entry(
  more: Partial<Omit<Entry, 'objective'>> & { mean?: number; half?: number } = {},
): Entry {
  const { mean = 0.7, half = 0.04, ...fields } = more;
  const n = fields.dataset?.n ?? 400;
  const round = (value: number) => Number(Math.min(1, Math.max(0, value)).toFixed(4));
  const value = { mean: round(mean), interval: [round(mean - half), round(mean + half)], n };
  return {
    version: '1.0.0',
    digest: sha256('content'),
    date: '2026-02-20',
    model: 'openai/gpt-5-mini',
    dataset: { path: 'datasets/support/test.yaml', digest: sha256('data'), n },
    objective: value,
    metrics: { accuracy: value, format_compliance: { ...value, mean: round(mean + 0.2) } },
    ...fields,
  };
}

/** A prompt of which nothing is due. */
export function prompt(more: Partial<InventoryPrompt> = {}): InventoryPrompt {
  const id = more.id ?? 'support/triage';
  return {
    id,
    version: '1.0.0',
    model: 'openai/gpt-5-mini',
    path: `prompts/${id}.prompt.yaml`,
    digest: sha256('content'),
    test: { path: 'datasets/support/test.yaml', digest: sha256('data'), n: 400 },
    hasObjective: true,
    entries: [entry()],
    ...more,
  };
}

export function inventory(more: Partial<Inventory> = {}): Inventory {
  return {
    repository: 'shop',
    at,
    prompts: [prompt()],
    rollouts: { plan, states: [served('support/triage', '1.0.0')], problem: null },
    production: null,
    monitoring: null,
    runs: [],
    problems: [],
    ...more,
  };
}

export function dashboard(more: Partial<Inventory> = {}): Dashboard {
  const taken = inventory(more);
  return { ...taken, recommendations: recommendationsOf(taken) };
}

/** A prompt with one version for everybody. */
export function served(id: string, version: string): RolloutState {
  return { ...play([released(version)], plan, initialState(id)).state, prompt: id };
}

/** One whose next version is at its first step; `canary` is its success rate, and the stable one's is 0.9. */
export function underWay(
  id: string,
  canary: number,
  {
    random = createRandom(id),
    versions: [stable, next] = ['1.0.0', '1.1.0'],
  }: { random?: Random; versions?: readonly [string, string] } = {},
): RolloutState {
  const { state } = play([released(stable), released(next)], plan, initialState(id));
  const users = (count: number, percent: number) =>
    traffic(random, { users: count, percent, control: 0.9, canary }).map((each) => ({
      ...each,
      values: { ...each.values, latency: 700 + 400 * random.next() },
    }));
  const seen = transition(state, observed(state, users(2500, 10), 70), plan).state;
  return transition(seen, observed(seen, users(500, seen.canary?.percent ?? 10), 80), plan).state;
}

/** One that somebody froze, days ago. */
export function frozen(id: string, version = '1.0.0'): RolloutState {
  return play([released(version), { ...byPerson('freeze', -9 * 24 * 60) }], plan, initialState(id)).state;
}

export function use(more: Partial<ProductionUse> = {}): ProductionUse {
  return {
    prompt: 'support/triage',
    calls: 12_480,
    failed: 31,
    users: 2_210,
    inputTokens: 6_400_000,
    outputTokens: 810_000,
    usd: 3.22,
    feedback: { users: 0, disliked: 0 },
    lastCall: minute(3 * 24 * 60 - 1),
    ...more,
  };
}

const families = ['support', 'search', 'extraction', 'summaries', 'catalogue'];
const names = ['default', 'triage', 'reply', 'keywords', 'entities', 'tone', 'titles', 'refunds'];

/** A repository of any size as one may be after a year: versions that mostly get better, data that changed, rollouts, spend, alerts. */
export function largeDashboard({ prompts, versions }: { prompts: number; versions: number }): Dashboard {
  const random = createRandom('dashboard');
  const ids = Array.from({ length: prompts }, (_, index) => {
    const name = names[Math.floor(index / families.length) % names.length] ?? '';
    const round = Math.floor(index / (families.length * names.length));
    return `${families[index % families.length]}/${name}${round === 0 ? '' : `-${round + 1}`}`;
  });
  const all = ids.map((id, index) => grown(id, index % 11 === 7 ? 0 : versions, random));
  const states = ids.flatMap((id, index) => {
    const { version = '1.0.0', entries = [] } = all[index] ?? {};
    const before = entries.at(-2)?.version ?? '0.9.0';
    const next = { random, versions: [before, version] } as const;
    if (index % 17 === 1) return [underWay(id, 0.9, next)];
    if (index % 17 === 4) return [underWay(id, 0.84, next)];
    if (index % 17 === 9) return [frozen(id, version)];
    return index % 5 === 3 ? [] : [served(id, index % 7 === 6 ? before : version)];
  });
  const monitoring = {
    windows: ids.slice(0, 3).map((id) => ({
      prompt: id,
      version: '1.0.0',
      model: 'gpt-5-mini',
      from: minute(3 * 24 * 60 - 60),
      to: at,
      calls: 512,
      users: 130,
      metrics: { success: { mean: 0.981, p95: 1 }, latency: { mean: 912.4, p95: 2_310 } },
    })),
    alerts: ids.slice(2, 3).map((id) => ({
      prompt: id,
      state: 'firing' as const,
      since: minute(2 * 24 * 60),
      title: 'latency',
      reasons: [
        'The 95th percentile is 3.4 s, above 2.1 s, half more than in the 7 days before; 1,204 users.',
      ],
    })),
  };
  return dashboard({
    prompts: all,
    rollouts: { plan, states, problem: null },
    monitoring,
    production: {
      since: new Date(Date.parse(at) - 31 * DAY).toISOString(),
      window: { from: new Date(Date.parse(at) - 31 * DAY).toISOString(), to: at },
      unnamed: 0,
      uses: ids
        .filter((_, index) => index % 13 !== 5)
        .map((id, index) =>
          use({
            prompt: id,
            calls: 1000 + Math.round(20_000 * random.next()),
            usd: Number((12 * random.next()).toFixed(2)),
            feedback: { users: 120, disliked: index % 9 === 2 ? 54 : 9 },
          }),
        ),
    },
    runs: ids.slice(0, 12).map((id) => ({
      prompt: id,
      calls: 640,
      inputTokens: 310_000,
      outputTokens: 21_000,
      usd: Number((2 * random.next()).toFixed(4)),
    })),
    problems: ['prompts/support/drafts.prompt.yaml:2:1: no model. Add `model: provider/model` here'],
  });
}

function grown(id: string, versions: number, random: Random): InventoryPrompt {
  let mean = 0.45 + 0.2 * random.next();
  const digest = (index: number) => sha256(`${id} ${index}`);
  const data = (index: number) => sha256(index < versions * 0.6 ? 'first data' : `more data`);
  const [family = ''] = id.split('/');
  const path = `datasets/${family}/test.yaml`;
  const entries = Array.from({ length: versions }, (_, index) => {
    mean = Math.min(0.97, mean + (0.9 - mean) * 0.06 * random.next() * (40 / Math.max(20, versions)));
    const n = index < versions * 0.6 ? 120 : 400;
    return entry({
      version: `1.${index}.0`,
      ...(index > 0 && { from: `1.${index - 1}.0` }),
      digest: digest(index),
      date: new Date(Date.parse('2025-03-01') + index * 3 * DAY).toISOString().slice(0, 10),
      dataset: { path, digest: data(index), n },
      mean: mean + 0.02 * (random.next() - 0.5),
      half: 0.9 / Math.sqrt(n),
    });
  });
  return prompt({
    id,
    version: versions === 0 ? '1.0.0' : `1.${versions - 1}.0`,
    digest: digest(versions - 1),
    test: { path, digest: data(versions - 1), n: 400 },
    entries,
  });
}
