import { isJsonObject } from '../formats/json-span.ts';
import { normaliseName } from './names.ts';
import { textOf } from './reference.ts';
import { type Relationship, relationshipOf } from './relationship.ts';

/** What becomes of a given relationship. Dropped and merged ones leave the graph; merged ones are said by another. */
export type Outcome =
  | { readonly action: 'keep' | 'drop' | 'merge' }
  | { readonly action: 'fix'; readonly fixed: Relationship };

/** The decision on a given relationship: its number there, and the relationship written beside it, if one is. */
export type Decision = {
  readonly number: number;
  readonly outcome: Outcome;
  readonly written: Relationship | null;
};

/** An item of a list of decisions; null where the number, the action, or the relationship of a fix cannot be read. */
export function decisionOf(item: unknown): Decision | null {
  if (!isJsonObject(item)) return null;
  const number = /\d+/u.exec(textOf(item['number']) ?? '')?.[0];
  const written = exactRelationshipOf(item);
  const outcome = outcomeOf(normaliseName(textOf(item['action']) ?? ''), written);
  return number === undefined || outcome === null ? null : { number: Number(number), outcome, written };
}

/** A list item as a relationship between names as they are written: a shortened name is what a repair has to find. */
export function exactRelationshipOf(item: unknown): Relationship | null {
  return relationshipOf(item, normaliseName);
}

/** Two relationships with one fact say the same, in the same direction and of the same kind. */
export function factOf({ ends, relation }: Relationship): string {
  return JSON.stringify([ends, relation]);
}

/** The outcome for a given relationship; a fix that alters nothing keeps it. */
export function outcomeFor(given: Relationship, outcome: Outcome): Outcome {
  return outcome.action === 'fix' && factOf(outcome.fixed) === factOf(given) ? { action: 'keep' } : outcome;
}

/** Whether two outcomes leave the same in the graph. */
export function sameEffect(a: Outcome, b: Outcome): boolean {
  if (a.action === 'fix' || b.action === 'fix') {
    return a.action === 'fix' && b.action === 'fix' && factOf(a.fixed) === factOf(b.fixed);
  }
  return (a.action === 'keep') === (b.action === 'keep');
}

function outcomeOf(action: string, written: Relationship | null): Outcome | null {
  if (action === 'keep' || action === 'drop' || action === 'merge') return { action };
  return action === 'fix' && written !== null ? { action, fixed: written } : null;
}
