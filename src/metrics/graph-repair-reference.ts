import type { Example } from '../datasets/dataset.ts';
import { inputError, type PromptlineError } from '../errors.ts';
import { quoted } from '../formats/wording.ts';
import {
  type Decision,
  decisionOf,
  exactRelationshipOf,
  factOf,
  type Outcome,
  outcomeFor,
} from './graph-repair-outcome.ts';
import { expectedList, textOf } from './reference.ts';
import type { Relationship } from './relationship.ts';

/** A relationship as an extractor gave it under a number, and what should become of it. */
export type Given = {
  readonly number: number;
  readonly relationship: Relationship;
  readonly needed: Outcome;
};

export type GraphToRepair = {
  readonly given: readonly Given[];
  /** In the repaired graph, and of no given relationship. */
  readonly missing: readonly Relationship[];
};

/** Where an example holds the given relationships, the decisions on them, and the repaired graph. */
export type RepairFields = { readonly given: string; readonly decisions: string; readonly field: string };

/**
 * The graph that an example gives, with the decisions on it. Throws an input error that names the example where the
 * relationships cannot be read, where not each has one decision, or where the decisions do not lead to the repaired
 * graph.
 */
export function expectedRepair(example: Example, fields: RepairFields): GraphToRepair {
  const lines = givenLines(example, fields.given).map((line) => numbered(line, example, fields.given));
  const decisions = expectedList(example, fields.decisions).map((item) =>
    expectedDecision(item, example, fields.decisions),
  );
  const given = lines.map((each) => ({
    ...each,
    needed: neededOutcome(each, decisions, example, fields.decisions),
  }));
  if (decisions.length !== given.length) {
    throw misfit(
      example,
      `expected.${fields.decisions} has ${decisions.length} decisions on ${given.length} given relationships`,
      'Give each relationship its own number, and decide once on each',
    );
  }
  return { given, missing: missingFrom(given, example, fields) };
}

const GIVEN_LINE = /^(\d+)[.)]([^|]*)\|([^|]*)\|([^|]*)$/u;

function givenLines(example: Example, field: string): string[] {
  const lines = (textOf(example.input[field]) ?? '').split('\n').filter((line) => line.trim() !== '');
  if (lines.length > 0) return lines;
  throw misfit(
    example,
    `input.${field} gives no relationship`,
    `Write one a line, as "1. source | relation | target", or correct the metric's option "given"`,
  );
}

function numbered(line: string, example: Example, field: string): Omit<Given, 'needed'> {
  const [, number, source, relation, target] = GIVEN_LINE.exec(line.trim()) ?? [];
  const relationship = exactRelationshipOf({ source, relation: relation?.trim(), target });
  if (number !== undefined && relationship) return { number: Number(number), relationship };
  throw misfit(
    example,
    `input.${field} holds a line that is no relationship: ${quoted(line)}`,
    'Write each as "1. source | relation | target"',
  );
}

function expectedDecision(item: unknown, example: Example, field: string): Decision {
  const decision = decisionOf(item);
  if (decision) return decision;
  throw misfit(
    example,
    `an item of expected.${field} is no decision`,
    'Give each a "number", an "action" out of keep, drop, merge and fix, and each fix a "source", "relation" and "target"',
  );
}

function neededOutcome(
  { number, relationship }: Omit<Given, 'needed'>,
  decisions: readonly Decision[],
  example: Example,
  field: string,
): Outcome {
  const [decision, another] = decisions.filter((each) => each.number === number);
  if (decision === undefined || another !== undefined) {
    throw misfit(
      example,
      `expected.${field} does not decide once on number ${number}`,
      'Decide once on each number',
    );
  }
  const { outcome } = decision;
  if (outcomeFor(relationship, outcome) === outcome) return outcome;
  throw misfit(example, `expected.${field} fixes number ${number} to what it is`, 'Keep it, or correct it');
}

/** What the repaired graph holds beyond the kept and fixed relationships, which it must hold. */
function missingFrom(given: readonly Given[], example: Example, fields: RepairFields): Relationship[] {
  const repaired = expectedList(example, fields.field).map((item) => {
    const relationship = exactRelationshipOf(item);
    if (relationship) return relationship;
    throw misfit(
      example,
      `an item of expected.${fields.field} lacks an end`,
      'Give each relationship a "source" and a "target"',
    );
  });
  const left = [...repaired];
  for (const { relationship, needed } of given) {
    if (needed.action === 'drop' || needed.action === 'merge') continue;
    const result = needed.action === 'fix' ? needed.fixed : relationship;
    const at = left.findIndex((each) => factOf(each) === factOf(result));
    if (at < 0) {
      throw misfit(
        example,
        `expected.${fields.field} lacks ${result.written}, which expected.${fields.decisions} has in it`,
        'Correct the decision, or the repaired graph',
      );
    }
    left.splice(at, 1);
  }
  return left;
}

function misfit(example: Example, message: string, hint: string): PromptlineError {
  return inputError(`example ${example.id}: ${message}`, hint);
}
