import {
  kolmogorovDistance,
  kolmogorovP,
  meanDistance,
  meanDistanceP,
  type VectorSum,
} from '../statistics/distribution-shift.ts';
import { holm } from '../statistics/multiplicity.ts';
import { type ObservedCall, WORD_BUCKETS } from './observed-call.ts';

/** One comparison of a window with the time before it. */
type DriftTest = {
  /** `length`, `language`, `words`, or a metric. */
  readonly of: string;
  /** From 0, alike, to 1; for words and languages the length of the difference of their mean vectors, at most 1.42. */
  readonly distance: number;
  /** Users on both sides. */
  readonly n: number;
  readonly baselineN: number;
  /** After Holm's adjustment over the tests of one question. */
  readonly p: number;
};

/** Whether something drifted between the baseline and one window. */
export type Drift = {
  readonly kind: 'input shift' | 'model drift';
  /** Of the model that drifted: `version model`; null for inputs, which all share. */
  readonly subject: string | null;
  readonly from: number;
  readonly to: number;
  readonly tests: readonly DriftTest[];
  /** What p must fall to. */
  readonly alpha: number;
  /** Models that answer now most of the time, and hardly did before. */
  readonly newModels: readonly string[];
  readonly isDrifting: boolean;
};

export type DriftRequest = {
  readonly from: number;
  readonly to: number;
  /** Milliseconds before `from`. */
  readonly baseline: number;
  /** Distance that is no drift. */
  readonly tolerance: number;
  readonly leastSamples: number;
  /** The chance of a mistake for each kind of drift in this window. */
  readonly alpha: number;
};

type Sides = { readonly now: readonly ObservedCall[]; readonly before: readonly ObservedCall[] };

/** Metrics that say something of the inputs or the service, not of the model's answers. */
const notOfModel: ReadonlySet<string> = new Set(['latency', 'tokens', 'cost']);

/** Whether inputs became others. Null where too few are recorded. */
export function inputShift(calls: readonly ObservedCall[], request: DriftRequest): Drift | null {
  const { now, before } = sidesOf(
    calls.filter(({ input }) => input !== null),
    request,
  );
  if (now.length < request.leastSamples || before.length < request.leastSamples) return null;
  const lengths = (side: readonly ObservedCall[]) =>
    side.flatMap(({ input }) => (input ? [input.length] : []));
  const languages = [...new Set([...now, ...before].map(({ input }) => input?.language ?? ''))];
  const tests = [
    distributionTest('length', lengths(now), lengths(before), request),
    vectorTest(
      'language',
      sumOf(now, languages.length, (call) => [languages.indexOf(call.input?.language ?? '')]),
      {
        before: sumOf(before, languages.length, (call) => [languages.indexOf(call.input?.language ?? '')]),
        request,
      },
    ),
    vectorTest(
      'words',
      sumOf(now, WORD_BUCKETS, (call) => call.input?.words ?? []),
      {
        before: sumOf(before, WORD_BUCKETS, (call) => call.input?.words ?? []),
        request,
      },
    ),
  ];
  return driftOf({ kind: 'input shift', subject: null, tests, newModels: [] }, request);
}

/**
 * Whether answers of a model became others while the version and the model's name stayed: how long they are and how they score; or whether
 * another model answers under the name. One for each version and model with enough calls.
 */
export function modelDrift(calls: readonly ObservedCall[], request: DriftRequest): readonly Drift[] {
  const groups = Map.groupBy(calls, ({ version, model }) => `${version} ${model}`);
  const enough = [...groups].flatMap(([subject, own]) => {
    const sides = sidesOf(own, request);
    const isEnough = sides.now.length >= request.leastSamples && sides.before.length >= request.leastSamples;
    return isEnough ? [{ subject, sides }] : [];
  });
  // Groups are chosen by how many calls they have, never by what came of them.
  const alpha = request.alpha / Math.max(1, enough.length);
  return enough.map(({ subject, sides }) => {
    const metrics = new Set(sides.now.flatMap(({ values }) => [...values.keys()]));
    const tests = [...metrics]
      .filter((metric) => !notOfModel.has(metric))
      .flatMap((metric) => {
        const [now, before] = [valuesOf(sides.now, metric), valuesOf(sides.before, metric)];
        const isEnough = now.length >= request.leastSamples && before.length >= request.leastSamples;
        return isEnough ? [distributionTest(metric, now, before, request)] : [];
      });
    const found = { kind: 'model drift', subject, tests, newModels: newModelsOf(sides) } as const;
    return driftOf(found, { ...request, alpha });
  });
}

/**
 * The calls of both sides that count: of a user the first in the window, and of the baseline's windows the first in a single one, chosen by
 * the hash of the name. So all are independent, and who comes often weighs on both sides alike.
 */
function sidesOf(calls: readonly ObservedCall[], { from, to, baseline }: DriftRequest): Sides {
  const length = to - from;
  const windows = Math.max(1, Math.floor(baseline / length));
  const counted = { now: new Set<string>(), before: new Set<string>() };
  const sides = { now: [] as ObservedCall[], before: [] as ObservedCall[] };
  for (const call of calls) {
    if (call.at >= to) continue;
    const ago = Math.ceil((from - call.at) / length) - 1;
    const side = call.at >= from ? 'now' : 'before';
    if (side === 'before' && ago !== chosenWindow(call.place, windows)) continue;
    if (counted[side].has(call.user)) continue;
    counted[side].add(call.user);
    sides[side].push(call);
  }
  return sides;
}

/** Low bits of the place, which thinning does not look at. */
function chosenWindow(place: number, windows: number): number {
  return Math.floor(place * 2 ** 32) % windows;
}

function distributionTest(
  of: string,
  now: readonly number[],
  before: readonly number[],
  { tolerance }: DriftRequest,
): DriftTest {
  const distance = kolmogorovDistance(now, before);
  const [n, baselineN] = [now.length, before.length];
  return { of, distance, n, baselineN, p: kolmogorovP(distance, n, baselineN, tolerance) };
}

function vectorTest(
  of: string,
  now: VectorSum,
  { before, request }: { readonly before: VectorSum; readonly request: DriftRequest },
): DriftTest {
  const distance = meanDistance(now, before);
  return {
    of,
    distance,
    n: now.n,
    baselineN: before.n,
    p: meanDistanceP(distance, now.n, before.n, request.tolerance),
  };
}

/** The sum of one vector of length 1 for each call: even weights on its places. */
function sumOf(
  calls: readonly ObservedCall[],
  dimensions: number,
  placesOf: (call: ObservedCall) => ArrayLike<number>,
): VectorSum {
  const sum = new Float64Array(dimensions);
  for (const call of calls) {
    const places = placesOf(call);
    for (let index = 0; index < places.length; index++) {
      const place = places[index] ?? 0;
      sum[place] = (sum[place] ?? 0) + 1 / Math.sqrt(places.length);
    }
  }
  return { sum, n: calls.length };
}

function valuesOf(calls: readonly ObservedCall[], metric: string): number[] {
  return calls.flatMap(({ values }) => values.get(metric) ?? []);
}

/** Shares of calls: of the new ones now, and at most before. */
const MOST = 0.5;
const HARDLY = 0.01;

function newModelsOf({ now, before }: Sides): readonly string[] {
  const shareIn = (side: readonly ObservedCall[], name: string) =>
    side.filter(({ responseModel }) => responseModel === name).length / side.length;
  const names = new Set(now.flatMap(({ responseModel }) => responseModel ?? []));
  const isKnown = before.some(({ responseModel }) => responseModel !== null);
  return isKnown
    ? [...names].filter((name) => shareIn(now, name) > MOST && shareIn(before, name) < HARDLY)
    : [];
}

function driftOf(
  { tests, ...found }: Pick<Drift, 'kind' | 'subject' | 'tests' | 'newModels'>,
  { from, to, alpha }: DriftRequest,
): Drift {
  const adjusted = holm(tests.map(({ p }) => p));
  const corrected = tests.map((test, index) => ({ ...test, p: adjusted[index] ?? 1 }));
  const isDrifting = found.newModels.length > 0 || corrected.some(({ p }) => p <= alpha);
  return { ...found, from, to, tests: corrected, alpha, isDrifting };
}
