import type { Scorecard } from '../evaluation/scorecard.ts';
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
    describeInstruction(space.base, picked),
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

function describeOrder(base: Choices, picked: Choices): string | null {
  const same = base.demonstrations.every((id, index) => id === picked.demonstrations[index]);
  return same ? null : 'Shows the same demonstrations in another order.';
}

function sameItems(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id) => b.includes(id));
}

function describeInstruction(base: Choices, picked: Choices): string | null {
  if (base.instruction === picked.instruction) return null;
  return picked.instruction === '' ? 'Leaves the instruction out.' : 'Words the instruction differently.';
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
