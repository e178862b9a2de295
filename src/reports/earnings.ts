import type { Ablation, Change, Earning } from '../optimization/proposal.ts';
import { countOf, formatDifference, formatDifferenceInterval, formatValue } from './numbers.ts';

/** What each change earns, a sentence each. Raw text. */
export function earningSentences({ earnings }: Ablation): readonly string[] {
  return earnings.map(earningSentence);
}

/** What must be known with them. Raw text. */
export function earningNotes({ calls, earnings, ended }: Ablation): readonly string[] {
  return [
    ...(ended === null
      ? []
      : [`${earnings.length === 0 ? 'Nothing was' : 'Not all was'} measured: ${ended}.`]),
    ...(calls === 0
      ? []
      : [
          `Measured with ${countOf(calls, 'call')} beside those of the search, on the dev split, which chose the version: on other data a change may earn a little less.`,
        ]),
  ];
}

/** "Without the demonstrations the dev score falls from 71.0 % to 44.0 % (−27.0 points, ...)." */
function earningSentence({ change, kept, without, difference, interval, n }: Earning): string {
  const subject = subjectOf(change);
  if (difference === null) return `What ${subject} earns could not be measured.`;
  const loss = formatDifference(-difference, 'ratio');
  const range = interval && formatDifferenceInterval([-interval[1], -interval[0]], 'ratio');
  const doubt = `${loss}, ${range === null ? 'no interval' : `95% interval ${range}`}, ${countOf(n, 'row')}`;
  const [from, to] = [formatValue(kept, 'ratio'), formatValue(without, 'ratio')];
  if (interval && interval[0] > 0) {
    return `Without ${subject} the dev score falls from ${from} to ${to} (${doubt}).`;
  }
  if (interval && interval[1] < 0) {
    return `Without ${subject} the dev score rises from ${from} to ${to} (${doubt}): better without.`;
  }
  return `Nothing shows that ${subject} earns anything: without it the dev score is ${to}, with it ${from} (${doubt}).`;
}

function subjectOf({ part, rules: { length, 0: first = '' } }: Change): string {
  if (part === 'demonstrations') return 'the change of the demonstrations';
  if (part === 'instruction') return 'the new wording of the instruction';
  if (part === 'layout') return 'the new layout';
  if (part === 'removed rules') return `the removal of ${countOf(length, 'rule')}`;
  return length === 1 ? `the rule “${first}”` : `the ${countOf(length, 'added rule')}`;
}
