import semver from 'semver';
import { unreleased } from '../../prompts/version.ts';
import type { RolloutState } from '../../rollout/state.ts';
import { normalQuantile } from '../../statistics/normal.ts';
import { detectableDifference, examplesToDetect } from '../../statistics/power.ts';
import { wilsonInterval } from '../../statistics/wilson.ts';
import type { Fact } from '../costs.ts';
import { countOf, formatCount, formatInterval, formatSize, formatValue } from '../numbers.ts';
import { commandLine } from './command.ts';
import {
  type Inventory,
  type InventoryPrompt,
  newestEntry,
  type ProductionUse,
  type Recommendation,
  totalOf,
  withoutRollouts,
} from './dashboard.ts';
import { stuckRollout } from './stuck-rollouts.ts';

/** A prompt with what else is known of it. */
type Case = {
  readonly prompt: InventoryPrompt;
  /** Null where nothing of it was released, or that is not known. */
  readonly state: RolloutState | null;
  readonly inventory: Inventory;
};

const DAY = 86_400_000;
/** Without a call for so many days a prompt may go. */
const UNUSED_DAYS = 30;
/** The share of users who dislike answers that is many, once it is proven. */
const MANY_DISLIKE = 0.2;
/** A gain of the objective that a test split should show. */
const GAIN_TO_FIND = 0.1;

/** What is urgent first. */
const order: readonly Recommendation['kind'][] = ['rollout', 'release', 'optimize', 'label', 'retire'];

/** What to release, optimize, label or retire next, and which rollouts wait for a person; the most urgent first. */
export function recommendationsOf(inventory: Inventory): readonly Recommendation[] {
  const { prompts, rollouts, at } = inventory;
  const states = new Map(rollouts.states.map((state) => [state.prompt, state]));
  const ofPrompts = prompts.flatMap((prompt) => {
    const state = states.get(prompt.id) ?? null;
    return [newerVersion, staleMeasurement, disliked, wideInterval, unused].flatMap(
      (rule) => rule({ prompt, state, inventory }) ?? [],
    );
  });
  const ofRollouts = rollouts.states.flatMap((state) => stuckRollout(state, at) ?? []);
  return [...ofRollouts, ...ofPrompts].toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

/** The file's version is above all that is served. A content that was taken back is not asked for again. */
function newerVersion({ prompt, state, inventory }: Case): Recommendation | null {
  const { id, version, digest } = prompt;
  if (
    withoutRollouts(inventory.rollouts) !== null ||
    version === unreleased ||
    semver.valid(version) === null
  )
    return null;
  if (state?.quarantine.some(({ release }) => release.sha256 === digest)) return null;
  const served = [state?.canary?.release, state?.waiting, state?.stable].flatMap(
    (release) => release?.version ?? [],
  );
  if (served.some((each) => semver.valid(each) === null || semver.gte(each, version))) return null;
  const measured = newestEntry(prompt);
  return {
    kind: 'release',
    prompt: id,
    finding:
      served.length === 0
        ? `Version ${version} was never released.`
        : `Version ${version} is not released: users get ${served.join(' and ')}.`,
    evidence:
      measured?.version === version
        ? scoreOf(prompt)
        : [{ name: 'Objective', value: 'not measured for the scorebook' }],
    command: commandLine(['promptline', 'release', id]),
  };
}

/** No scorebook entry speaks of this wording, model and test data. */
function staleMeasurement({ prompt }: Case): Recommendation | null {
  const { id, digest, test, entries, hasObjective } = prompt;
  if (!hasObjective || test === null) return null;
  const own = entries.filter((entry) => entry.digest === digest);
  if (own.some(({ dataset }) => dataset.digest === test.digest)) return null;
  const last = own.at(-1) ?? newestEntry(prompt);
  const finding =
    own.length > 0
      ? 'Its test data changed since it was measured.'
      : last
        ? 'It changed since it was measured.'
        : 'It was never optimized.';
  return {
    kind: 'optimize',
    prompt: id,
    finding,
    evidence: [
      ...(last
        ? [
            {
              name: 'Last measured',
              value: `${last.version} on ${last.date}, ${countOf(last.dataset.n, 'row')}`,
            },
          ]
        : []),
      { name: 'Test rows today', value: formatCount(test.n) },
    ],
    command: commandLine(['promptline', 'optimize', id]),
  };
}

/** Many users dislike its answers: the lower end of Wilson's interval is above {@link MANY_DISLIKE}. */
function disliked({ prompt: { id }, inventory }: Case): Recommendation | null {
  const feedback = inventory.production?.uses.find((use) => use.prompt === id)?.feedback;
  const interval = feedback ? wilsonInterval(feedback.disliked, feedback.users) : null;
  if (!feedback || interval === null || interval[0] <= MANY_DISLIKE) return null;
  return {
    kind: 'label',
    prompt: id,
    finding: 'Many users dislike its answers: add rows like those that they asked to its data, labelled.',
    evidence: [
      { name: 'Users who dislike', value: formatValue(feedback.disliked / feedback.users, 'ratio') },
      { name: '95% interval', value: formatInterval(interval, 'ratio') },
      {
        name: 'Of users who said what they think',
        value: `${formatCount(feedback.disliked)} of ${formatCount(feedback.users)}`,
      },
    ],
    command: commandLine(['promptline', 'harvest', id.slice(0, id.indexOf('/')), '--since', '30d']),
  };
}

/**
 * The test split is too small to show a gain worth having. The difference of two versions is taken to have the standard error of one
 * value, which holds where half of what varies between rows is common to both.
 */
function wideInterval({ prompt }: Case): Recommendation | null {
  const { id, test, digest, entries } = prompt;
  const entry = entries.findLast((each) => each.digest === digest && each.dataset.digest === test?.digest);
  const [low, high] = entry?.objective.interval ?? [];
  if (!entry || !test || low === undefined || high === undefined) return null;
  const { n } = entry.objective;
  const standardError = (high - low) / 2 / normalQuantile(0.975);
  const detectable = detectableDifference(standardError);
  const needed = examplesToDetect(GAIN_TO_FIND, { standardError, n });
  if (needed <= n) return null;
  return {
    kind: 'label',
    prompt: id,
    finding: `Its test data is too small: label ${formatCount(needed - n)} more rows in ${test.path}, and measure it again.`,
    evidence: [
      ...scoreOf(prompt),
      { name: `Gain found 4 times in 5, with ${countOf(n, 'row')}`, value: formatSize(detectable, 'ratio') },
      { name: `With ${formatCount(needed)}`, value: formatSize(GAIN_TO_FIND, 'ratio') },
    ],
    command: commandLine(['promptline', 'evaluate', id]),
  };
}

/** Telemetry goes back far enough, names the prompt of every call, and has none of this one. */
function unused({ prompt, state, inventory }: Case): Recommendation | null {
  const { production, at } = inventory;
  const limit = Date.parse(at) - UNUSED_DAYS * DAY;
  const isOwn = (use: ProductionUse) => use.prompt === prompt.id;
  if (!production?.window || production.unnamed > 0 || Date.parse(production.window.from) > limit)
    return null;
  const [own, others] = [production.uses.filter(isOwn), production.uses.filter((use) => !isOwn(use))];
  if (own.some((use) => Date.parse(use.lastCall) > limit)) return null;
  const known = [...prompt.entries.map(({ date }) => date), ...(state?.log.map((entry) => entry.at) ?? [])];
  // A prompt without any date may be of today.
  if (known.length === 0 || known.some((date) => Date.parse(date) > limit)) return null;
  return {
    kind: 'retire',
    prompt: prompt.id,
    finding: `Nobody called it in ${UNUSED_DAYS} days.`,
    evidence: [
      { name: 'Telemetry since', value: production.window.from.slice(0, 10) },
      {
        name: 'Calls of other prompts',
        value: formatCount(totalOf(others).calls),
      },
      { name: 'Last change', value: known.toSorted().at(-1)?.slice(0, 10) ?? '' },
    ],
    command: commandLine(['git', 'rm', prompt.path]),
  };
}

function scoreOf(prompt: InventoryPrompt): readonly Fact[] {
  const entry = newestEntry(prompt);
  if (!entry) return [];
  const { mean, interval, n } = entry.objective;
  const [low, high] = interval ?? [];
  return [
    { name: `Objective on ${countOf(n, 'row')}`, value: formatValue(mean, 'ratio') },
    ...(low === undefined || high === undefined
      ? []
      : [{ name: '95% interval', value: formatInterval([low, high], 'ratio') }]),
  ];
}
