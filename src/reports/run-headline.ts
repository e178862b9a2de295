import { byUrgency, fullStop, type Headline } from './headline.ts';
import { countOf } from './numbers.ts';
import { headlineOfRanking } from './ranking.ts';
import type { RunReport } from './run-report.ts';
import type { Section } from './sections.ts';

/** A whole run in one glance. */
export type RunHeadline = Omit<Headline, 'kind'>;

/** Of the prompts that were not measured, this many are named. */
const MOST_NAMED = 10;

/** What a run came to: the prompt that asks most of the reader speaks for all, and no note on the run itself is lost. */
export function headlineOfRun(report: RunReport, sections: readonly Section[]): RunHeadline {
  const { ended, base, ranking, prompts } = report;
  const [only] = sections;
  const [measured] = prompts;
  const summary =
    ranking && measured
      ? headlineOfRanking(ranking, measured.dataset)
      : only && sections.length === 1
        ? only.headline
        : summarise(report, sections);
  const headline = { ...summary, notes: [...runNotes(report), ...summary.notes, ...unchangedNotes(report)] };
  if (headline.tone === 'bad') return headline;
  if (ended !== undefined) return { ...headline, tone: 'doubt', label: 'Ended early' };
  return base?.problem === undefined ? headline : { ...headline, tone: 'doubt', label: 'Not compared' };
}

function summarise({ base, unchanged = [] }: RunReport, sections: readonly Section[]): RunHeadline {
  const sorted = sections.toSorted((a, b) => byUrgency(a.headline, b.headline));
  const [first] = sorted;
  if (!first) {
    const isUnchanged = base !== undefined && unchanged.length > 0;
    return {
      tone: 'neutral',
      label: isUnchanged ? 'Unchanged' : 'Nothing measured',
      finding: isUnchanged ? null : 'No prompt was measured.',
      notes: [],
      figure: null,
    };
  }
  const { tone, label } = first.headline;
  const counts = [...Map.groupBy(sorted, ({ headline }) => headline.label)].map(
    ([each, { length }]) => `${length} ${length === 1 ? each.toLowerCase() : plural(each.toLowerCase())}`,
  );
  const finding = `${countOf(sections.length, 'prompt')}: ${counts.join(', ')}.`;
  return { tone, label, finding, notes: sorted.flatMap(alarmOf), figure: null };
}

/** A label of several prompts: `improvements with failures`; most say how prompts are, and stay as they are. */
function plural(label: string): string {
  return label.replace(/^(improvement|regression|unreliable baseline)/, '$1s');
}

/** Why a prompt stops the change, in one line with its name. */
function alarmOf({ id, headline, gate }: Section): readonly string[] {
  if (headline.kind === 'gate failed') return [`${id}: ${(gate?.reasons ?? []).map(fullStop).join(' ')}`];
  return headline.kind === 'regression' && headline.finding !== null ? [headline.finding] : [];
}

function runNotes({ ended, base, shard }: RunReport): readonly string[] {
  const notes: string[] = [];
  if (ended !== undefined) notes.push(fullStop(`The run ended early: ${ended}`));
  if (base?.problem !== undefined) {
    const { ref, commit, problem } = base;
    notes.push(
      fullStop(`${ref} (${commit.slice(0, 10)}) cannot be read, so nothing is compared with it: ${problem}`),
    );
  }
  if (shard)
    notes.push(`This is part ${shard.index} of ${shard.of}; its gates are judged when the parts are merged.`);
  return notes;
}

function unchangedNotes({ base, unchanged = [] }: RunReport): readonly string[] {
  if (!base || unchanged.length === 0) return [];
  const missing = unchanged.length - MOST_NAMED;
  const named = unchanged.slice(0, MOST_NAMED).join(', ');
  const more = missing > 0 ? ` and ${missing} more` : '';
  return [`Not measured, because nothing of them changed since ${base.ref}: ${named}${more}.`];
}
