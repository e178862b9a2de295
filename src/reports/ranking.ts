import type { Verdict } from '../evaluation/scorecard.ts';
import { examplesOf, type Headline } from './headline.ts';
import { countOf, describeP, formatDifference, formatDifferenceInterval, formatValue } from './numbers.ts';
import type { PromptReport, RunReport } from './run-report.ts';

type Ranking = NonNullable<RunReport['ranking']>;
type Pair = Ranking['pairs'][number];

const verdicts: Readonly<Record<Verdict, string>> = {
  improvement: 'better',
  regression: 'worse',
  equivalent: 'not told apart',
  inconclusive: 'not told apart',
  'insufficient data': 'too few examples to tell',
  'unreliable baseline': 'too many failures to tell',
};

/** Versions of a prompt in one glance: which is best, or between which it cannot be told. Raw text. */
export function headlineOfRanking(
  ranking: Ranking,
  dataset: PromptReport['dataset'],
): Omit<Headline, 'kind'> {
  const { prompt, n, versions, pairs, best, waiting } = ranking;
  const examples = examplesOf({ ...dataset, n });
  const mean = versions.find(({ version }) => version === best)?.mean ?? null;
  const left = dataset.n - n;
  return {
    tone: best === null ? 'neutral' : 'good',
    label: best === null ? 'No version is best' : 'Best version',
    finding:
      best === null
        ? `No version of ${prompt} is shown to be better than each other one on ${examples}; the best may be ${contenders(ranking).join(' or ')}.`
        : `${prompt} ${best} scores ${formatValue(mean, 'ratio')} on ${examples} and is better than each other version.`,
    notes: [
      ...(left === 0 ? [] : [`${countOf(left, 'example')} without a score of every version left out.`]),
      ...(waiting
        ? [`${countOf(waiting.rows, 'row')} of ${waiting.file} not measured: a reference is missing.`]
        : []),
      ...pairs.map((pair) => describePair(pair, pairs.length)),
    ],
    figure: null,
  };
}

/** The versions that no other is shown to be better than. */
function contenders({ versions, pairs }: Ranking): string[] {
  const isBeaten = (version: string) =>
    pairs.some(({ base, comparison }) => base === version && comparison.verdict === 'improvement');
  return versions.map(({ version }) => version).filter((version) => !isBeaten(version));
}

function describePair({ base, head, comparison }: Pair, pairs: number): string {
  const { difference, interval, adjustedP, verdict } = comparison;
  const p = adjustedP === null ? [] : [`${describeP(adjustedP)}${pairs > 1 ? ` over ${pairs} pairs` : ''}`];
  const range = interval === null ? [] : [`95% interval ${formatDifferenceInterval(interval, 'ratio')}`];
  const doubt = [...range, ...p].join(', ');
  return `${head} against ${base}: ${formatDifference(difference, 'ratio')}${doubt && ` (${doubt})`}, ${verdicts[verdict]}.`;
}
