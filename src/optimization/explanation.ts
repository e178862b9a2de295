import type { Scorecard } from '../evaluation/scorecard.ts';
import { readPlaybook } from './playbook-rules.ts';
import type { Choices } from './proposal.ts';
import type { SearchSpace } from './space.ts';

/** What the pick changed and what that cost, a sentence each. */
export function explain(
  space: SearchSpace,
  picked: Choices,
  { base, head }: { base: Scorecard; head: Scorecard },
): string[] {
  return [
    describeDemonstrations(space, picked),
    describeOwnWords(space, picked),
    ...describeInstruction(space.base, picked),
    describeLayout(space.base, picked),
    describeGrowth(base, head),
  ].filter((sentence) => sentence !== null);
}

function describeDemonstrations(space: SearchSpace, picked: Choices): string | null {
  const before = space.base.demonstrations.length;
  const count = picked.demonstrations.length;
  if (count === 0) return before === 0 ? null : `Removes all ${before} demonstrations.`;
  if (sameItems(space.base.demonstrations, picked.demonstrations)) return describeOrder(space.base, picked);
  const chosen = new Set(picked.demonstrations);
  const sizes = [...space.strata.values()].map((ids) => ids.filter((id) => chosen.has(id)).length);
  const fresh = count - space.base.demonstrations.filter((id) => chosen.has(id)).length;
  const from = fresh === count ? ' from the training split' : `, ${fresh} of them from the training split`;
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const each = least === most ? `${least}` : `${least} to ${most}`;
  const spread = space.strata.size > 1 ? `, ${each} for each of ${space.strata.size} labels` : '';
  return `Shows ${count} demonstrations${fresh === 0 ? '' : from}${spread} (before: ${before}).`;
}

function describeOwnWords(space: SearchSpace, picked: Choices): string | null {
  const own = picked.demonstrations.filter((id) => space.pool.get(id)?.example !== undefined).length;
  if (own === 0) return null;
  if (own === picked.demonstrations.length) return "The demonstrations are in a model's own words.";
  return `${own} of ${picked.demonstrations.length} demonstrations ${own === 1 ? 'is' : 'are'} in a model's own words.`;
}

function describeOrder(base: Choices, picked: Choices): string | null {
  const same = base.demonstrations.every((id, index) => id === picked.demonstrations[index]);
  return same ? null : 'Shows the same demonstrations in another order.';
}

function sameItems(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id) => b.includes(id));
}

function describeInstruction(base: Choices, picked: Choices): (string | null)[] {
  if (base.instruction === picked.instruction) return [];
  if (picked.instruction === '') return ['Leaves the instruction out.'];
  const [was, is] = [readPlaybook(base.instruction), readPlaybook(picked.instruction)];
  const added = is.rules.filter((rule) => !was.rules.includes(rule)).length;
  const removed = was.rules.filter((rule) => !is.rules.includes(rule)).length;
  const isReworded = was.instruction !== is.instruction;
  return [
    isReworded ? 'Words the instruction differently.' : null,
    added === 0 ? null : `Adds ${rulesOf(added)} to the instruction.`,
    removed === 0 ? null : `Takes ${rulesOf(removed)} out of the instruction.`,
    isReworded || added + removed > 0 ? null : 'Gives the rules of the instruction in another order.',
  ];
}

function rulesOf(count: number): string {
  return count === 1 ? '1 rule' : `${count} rules`;
}

function describeLayout(base: Choices, picked: Choices): string | null {
  if (picked.instruction === '' || base.layout === picked.layout) return null;
  if (picked.layout === 'instruction last')
    return 'Places the instruction in front of the question, after the demonstrations.';
  return picked.demonstrations.length > 0 ? 'Lists the demonstrations inside the system message.' : null;
}

function describeGrowth(base: Scorecard, head: Scorecard): string | null {
  const perCall = ({ usage }: Scorecard) => usage.inputTokens / Math.max(1, usage.calls);
  const [before, after] = [Math.round(perCall(base)), Math.round(perCall(head))];
  return before === after ? null : `A call reads ${after} tokens where it read ${before}.`;
}
