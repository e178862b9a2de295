import type { ExampleChange } from '../evaluation/scorecard.ts';

export type ExampleChanges = {
  /** Worst first. */
  readonly lost: readonly ExampleChange[];
  /** Largest gain first. */
  readonly won: readonly ExampleChange[];
  /** Examples measured in both that are neither. */
  readonly others: number;
  /** False where only the largest changes are known, so that others may have changed too. */
  readonly complete: boolean;
  /** What an answer without text is: of a large run not every answer is kept. */
  readonly emptyAnswer: string;
};

/** An evaluation lists no more changes than these. */
const MOST_CHANGES = 200;

/**
 * The examples a new version loses and wins.
 * @param compared examples with an objective in both
 * @param keepsAnswers whether each answer of the run was kept
 */
export function splitChanges(
  changes: readonly ExampleChange[],
  compared: number,
  keepsAnswers: boolean,
): ExampleChanges {
  const lost = changes.filter((change) => gainOf(change) < 0).sort((a, b) => gainOf(a) - gainOf(b));
  const won = changes.filter((change) => gainOf(change) > 0).sort((a, b) => gainOf(b) - gainOf(a));
  const others = Math.max(0, compared - lost.length - won.length);
  return {
    lost,
    won,
    others,
    complete: others === 0 || changes.length < MOST_CHANGES,
    emptyAnswer: keepsAnswers ? 'empty' : 'empty or not kept',
  };
}

/** head - base of an example's objective. */
export function gainOf({ base, head }: ExampleChange): number {
  return head.objective - base.objective;
}

/** How many of each kind there are, in the order of a bar: lost, the others, won. */
export function tallyOf({ lost, won, others, complete }: ExampleChanges): readonly {
  readonly kind: 'lost' | 'others' | 'won';
  readonly said: string;
  readonly count: number;
}[] {
  return [
    { kind: 'lost', said: `${lost.length} lost`, count: lost.length },
    {
      kind: 'others',
      said: complete ? `${others} unchanged` : `${others} others changed less or not at all`,
      count: others,
    },
    { kind: 'won', said: `${won.length} won`, count: won.length },
  ];
}

/** `4 lost, 54 won, 47 unchanged`. */
export function describeTally(changes: ExampleChanges): string {
  const [lost, others, won] = tallyOf(changes).map(({ said }) => said);
  return [lost, won, others].join(', ');
}
