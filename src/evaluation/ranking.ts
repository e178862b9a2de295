import type { FamilyMetric } from '../config/load.ts';
import { holm } from '../statistics/multiplicity.ts';
import { compareObjective, pairUp } from './compare.ts';
import { isUnreliable } from './reliability.ts';
import { objectiveSamples, type Sample } from './samples.ts';
import type { MetricComparison, Scorecard } from './scorecard.ts';
import { meanOf } from './summarise.ts';
import { verdictOf } from './verdict.ts';

/** Two versions of a prompt; `head` ranks above `base`, and differences are head - base. */
type RankedPair = { readonly base: string; readonly head: string; readonly comparison: MetricComparison };

/** Versions of one prompt on the same examples, by their objective. */
export type Ranking = {
  readonly prompt: string;
  /** Examples on which every version has an objective; the means are over these. */
  readonly n: number;
  /** The highest mean first. */
  readonly versions: readonly { readonly version: string; readonly mean: number | null }[];
  /** Each two of them; p-values are adjusted over all pairs (Holm). */
  readonly pairs: readonly RankedPair[];
  /** The version that is shown to be better than each other one; null where none is. */
  readonly best: string | null;
};

/**
 * Ranks versions by their objective, each two compared on the examples that all of them have a value for. The chance that any pair is
 * called different although it is not, and so that a version is called best that is not, is 5% at most, however many versions there are.
 *
 * @param cards of versions of the prompt on the same examples; a version that failed on too many of them is told apart from none
 */
export function rankScorecards(
  prompt: string,
  cards: readonly Scorecard[],
  metrics: readonly FamilyMetric[],
): Ranking {
  const ranked = onCommonExamples(cards, metrics).toSorted((a, b) => (b.mean ?? 0) - (a.mean ?? 0));
  const unjudged = ranked.flatMap((head, rank) =>
    ranked.slice(rank + 1).map((base) => ({
      head,
      base,
      compared: compareObjective(
        `${base.version} with ${head.version}`,
        pairUp(base.samples, head.samples),
        0.95,
      ),
    })),
  );
  const adjusted = holm(unjudged.map(({ compared }) => compared.p ?? 1));
  const pairs = unjudged.map(({ head, base, compared }, index) => {
    const adjustedP = compared.p === null ? null : (adjusted[index] ?? null);
    const unreliable = head.unreliable || base.unreliable;
    const verdict = verdictOf(compared, adjustedP, { direction: 'higher', unreliable });
    return { base: base.version, head: head.version, comparison: { ...compared, adjustedP, verdict } };
  });
  const [first] = ranked;
  return {
    prompt,
    n: first?.samples.length ?? 0,
    versions: ranked.map(({ version, mean }) => ({ version, mean })),
    pairs,
    best: bestOf(first?.version ?? null, pairs),
  };
}

type Entry = {
  readonly version: string;
  readonly samples: readonly Sample[];
  readonly mean: number | null;
  readonly unreliable: boolean;
};

/** A mean over other examples would be one of easier or harder examples. */
function onCommonExamples(cards: readonly Scorecard[], metrics: readonly FamilyMetric[]): Entry[] {
  const entries = cards.map((card) => ({ card, samples: objectiveSamples(metrics, card.results) }));
  const counts = new Map<string, number>();
  for (const { samples } of entries)
    for (const { example } of samples) counts.set(example, (counts.get(example) ?? 0) + 1);
  return entries.map(({ card, samples }) => {
    const common = samples.filter(({ example }) => counts.get(example) === cards.length);
    return {
      version: card.prompt.version,
      samples: common,
      mean: meanOf(common),
      unreliable: isUnreliable(card),
    };
  });
}

/** No version is better than others where there are none. */
function bestOf(first: string | null, pairs: readonly RankedPair[]): string | null {
  const own = pairs.filter(({ head }) => head === first);
  return own.length > 0 && own.every(({ comparison }) => comparison.verdict === 'improvement') ? first : null;
}
