import type { Example } from '../datasets/dataset.ts';
import { choicesKey } from './candidate.ts';
import type { Choices } from './proposal.ts';
import type { StrategyContext } from './strategy.ts';
import {
  mistakes,
  mostFreshRows,
  mostRight,
  mostTriedRows,
  mostWrong,
  type ReviewedRow,
  trainingRows,
} from './training-rows.ts';

/** New mistakes wanted for a question. */
const wantedMistakes = 3;
/** Right rows among those that a proposal is tried on. */
const rightTried = 2;
/** Rows measured at once. */
const step = 3;

/** Rows for one question: those it shows, and those of them that its answer is tried on. */
type ChosenRows = { readonly shown: readonly ReviewedRow[]; readonly tried: readonly ReviewedRow[] };

/** What candidates made of training rows; nothing that was measured is measured again. */
export type Reviews = {
  /** Rows that show what a candidate gets wrong; none where nothing wrong was found. */
  choose(choices: Choices, round: number): Promise<ChosenRows>;
  /** Measures a proposal on rows; pairs with what its parent made of them, where both could be measured. */
  tryOut(choices: Choices, rows: readonly ReviewedRow[]): Promise<{ was: number; is: number }[]>;
};

/** A candidate's rows, and those whose mistakes a question has shown. */
type Page = { readonly known: ReviewedRow[]; readonly shown: Set<string> };

/**
 * Keeps what candidates made of training rows. A proposal that was tried on rows knows them when it becomes the champion itself: what
 * it still gets wrong there is the first it is asked about, and only a good one needs fresh rows.
 */
export function reviews({ contest, train, random }: StrategyContext): Reviews {
  const next = trainingRows({ train, random });
  const pages = new Map<string, Page>();
  const pageOf = (choices: Choices): Page => {
    const key = choicesKey(choices);
    const page = pages.get(key) ?? { known: [], shown: new Set<string>() };
    pages.set(key, page);
    return page;
  };
  const measure = async (choices: Choices, rows: readonly Example[]): Promise<ReviewedRow[]> => {
    const measured = await contest.probe(choices, rows);
    const reviewed = rows.flatMap((example, index): ReviewedRow[] => {
      const row = measured[index];
      // A row that the model or a metric failed on teaches nothing about the instruction.
      return row && row.objective !== null ? [{ example, row }] : [];
    });
    pageOf(choices).known.push(...reviewed);
    return reviewed;
  };
  const newMistakes = ({ known, shown }: Page) =>
    mistakes(known).filter(({ example }) => !shown.has(example.id));

  return {
    async choose(choices, round) {
      const page = pageOf(choices);
      for (
        let looked = 0;
        looked < mostFreshRows && newMistakes(page).length < wantedMistakes;
        looked += step
      ) {
        const seen = new Set(page.known.map(({ example }) => example.id));
        await measure(
          choices,
          next(step).filter(({ id }) => !seen.has(id)),
        );
      }
      const dice = random.fork(`reviews ${round}`);
      const fresh = dice.sample(newMistakes(page), mostWrong);
      const again = mistakes(page.known).filter((row) => !fresh.includes(row));
      const wrong = [...fresh, ...dice.sample(again, Math.max(0, wantedMistakes - fresh.length))];
      if (wrong.length === 0) return { shown: [], tried: [] };
      for (const { example } of wrong) page.shown.add(example.id);
      const right = dice.sample(
        page.known.filter(({ row }) => row.objective !== null && row.objective >= 1),
        mostRight,
      );
      const tried = [...wrong.slice(0, mostTriedRows - rightTried), ...right.slice(-rightTried)];
      return { shown: [...wrong, ...right], tried };
    },
    async tryOut(choices, rows) {
      const after = await measure(
        choices,
        rows.map(({ example }) => example),
      );
      const isOf = new Map(after.map(({ example, row }) => [example.id, row.objective]));
      return rows.flatMap(({ example, row: { objective: was } }) => {
        const is = isOf.get(example.id) ?? null;
        return was === null || is === null ? [] : [{ was, is }];
      });
    },
  };
}
