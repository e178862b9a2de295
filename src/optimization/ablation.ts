import type { Example } from '../datasets/dataset.ts';
import { describeError } from '../errors.ts';
import { compareObjective } from '../evaluation/compare.ts';
import { ModelError } from '../models/model.ts';
import { choicesKey } from './candidate.ts';
import type { MeasureRows } from './contest.ts';
import { readPlaybook, writePlaybook } from './playbook-rules.ts';
import type { Ablation, Change, Choices, Earning } from './proposal.ts';

/** More added rules than this are taken out together. */
const mostSingleRules = 4;
/** Fewer rows than this tell nothing of a change. */
const leastRows = 10;

/** A change of a pick, and the pick with everything but that change. */
export type Undone = { readonly change: Change; readonly without: Choices };

/** Each change a pick makes of the base, with the pick without it; those that change no message are left out. */
export function changesOf(base: Choices, picked: Choices): Undone[] {
  const undone: Undone[] = [
    {
      change: { part: 'demonstrations', rules: [] },
      without: { ...picked, demonstrations: base.demonstrations },
    },
    ...wordingChanges(base, picked),
    { change: { part: 'layout', rules: [] }, without: { ...picked, layout: base.layout } },
  ];
  return undone.filter(({ without }) => choicesKey(without) !== choicesKey(picked));
}

/** Of the instruction proper, and of the rules at its end. */
function wordingChanges(base: Choices, picked: Choices): Undone[] {
  const undone = (change: Change, instruction: string): Undone => ({
    change,
    without: { ...picked, instruction },
  });
  // Nothing is left that rules could stand under.
  if (picked.instruction === '') return [undone({ part: 'instruction', rules: [] }, base.instruction)];
  const [was, is] = [readPlaybook(base.instruction), readPlaybook(picked.instruction)];
  const added = is.rules.filter((rule) => !was.rules.includes(rule));
  const removed = was.rules.filter((rule) => !is.rules.includes(rule));
  const groups = added.length > mostSingleRules ? [added] : added.map((rule) => [rule]);
  const withRules = (rules: readonly string[]) => writePlaybook(is.instruction, rules);
  return [
    ...(was.instruction === is.instruction
      ? []
      : [undone({ part: 'instruction', rules: [] }, writePlaybook(was.instruction, is.rules))]),
    ...groups.map((rules) =>
      undone({ part: 'added rules', rules }, withRules(is.rules.filter((rule) => !rules.includes(rule)))),
    ),
    ...(removed.length === 0
      ? []
      : [undone({ part: 'removed rules', rules: removed }, withRules([...removed, ...is.rules]))]),
  ];
}

type Setting = {
  readonly picked: Choices;
  /** Of the dev split, in the order of the search. */
  readonly rows: readonly Example[];
  /** The pick's objective by row index, where the search measured it. */
  readonly values: ReadonlyMap<number, number>;
  readonly measure: MeasureRows;
  /** Calls it may use. */
  readonly calls: number;
};

/**
 * What each change of an accepted pick earns: the pick without it, measured on as many dev rows as the calls allow and paired with
 * the pick on the same rows; a duel may have left some of them unmeasured. A limit of the budget or a failing model ends it with what
 * is known by then.
 */
export async function ablate(changes: readonly Undone[], setting: Setting): Promise<Ablation> {
  const { picked, rows, values, measure, calls } = setting;
  const earnings: Earning[] = [];
  let used = 0;
  const end = (ended: string | null): Ablation => ({ calls: used, earnings, ended });
  if (changes.length < 2) return end('the proposal is one change, which earns all of the gain');
  const known = rows.flatMap((row, index) => (values.has(index) ? [row] : []));
  const unknown = rows.filter((_, index) => !values.has(index));
  const affordable = changes.slice(0, Math.floor(calls / Math.min(leastRows, rows.length)));
  const left = changes.length - affordable.length;
  const tooFew = `${calls} calls are too few for ${left} of ${changes.length} changes`;
  if (affordable.length === 0) return end(tooFew);
  const { fromKnown, fromUnknown } = rowsWithin(calls, affordable.length, known.length);
  const batch = [...known.slice(0, fromKnown), ...unknown.slice(0, fromUnknown)];
  const objectivesOf = async (choices: Choices, examples: readonly Example[]) => {
    if (examples.length === 0) return [];
    used += examples.length;
    return (await measure(choices, examples)).map(({ objective }) => objective);
  };
  try {
    const searched = rows.flatMap((_, index) => values.get(index) ?? []).slice(0, fromKnown);
    const kept = [...searched, ...(await objectivesOf(picked, batch.slice(searched.length)))];
    for (const { change, without } of affordable) {
      earnings.push({ change, ...comparedWith(batch, await objectivesOf(without, batch), kept) });
    }
  } catch (error) {
    if (error instanceof ModelError) return end(describeError(error));
    throw error;
  }
  return end(left === 0 ? null : tooFew);
}

/** Rows that the calls pay for: one for each change, and one more where the pick was not measured. */
function rowsWithin(calls: number, changes: number, known: number) {
  const fromKnown = Math.min(known, Math.floor(calls / changes));
  return { fromKnown, fromUnknown: Math.floor((calls - fromKnown * changes) / (changes + 1)) };
}

function comparedWith(
  rows: readonly Example[],
  without: readonly (number | null)[],
  kept: readonly (number | null)[],
): Omit<Earning, 'change'> {
  const pairs = rows.flatMap(({ id, cluster }, index) => {
    const [base, head] = [without[index] ?? null, kept[index] ?? null];
    if (base === null || head === null) return [];
    const sample = (value: number) => ({ example: id, cluster, value, counts: {} });
    return [{ base: sample(base), head: sample(head), cluster }];
  });
  const { base, head, difference, interval, n } = compareObjective('ablation', pairs, 0.95);
  return { without: base, kept: head, difference, interval, n };
}
