import type { Example } from '../datasets/dataset.ts';
import { choicesKey, type Draft, type Parent } from './candidate.ts';
import type { MeasuredRow } from './measured-row.ts';
import type { CandidateTrace, Choices, Standing } from './proposal.ts';
import type { Racer } from './racing.ts';
import { candidateEffects } from './surrogate.ts';

/** Measures choices on rows, in their order. Rejects with what ends the run. */
export type MeasureRows = (choices: Choices, rows: readonly Example[]) => Promise<readonly MeasuredRow[]>;

type Entry = {
  readonly id: number;
  readonly draft: Draft;
  /** By row index. */
  readonly values: Map<number, number>;
  /** The metrics' values by row index. */
  readonly vectors: Map<number, readonly number[]>;
  readonly standings: Standing[];
  rows: number;
  unmeasured: number;
  /** The first row it failed on, and why. */
  failure?: string;
};

/** Share of its rows that a candidate may fail on before it is out: a prompt too long for the model fails on all. */
export const toleratedFailures = 0.1;

/**
 * The candidates of a search and what is known of them. All are measured on the same rows in the same order, so that any
 * two are compared on rows both have seen.
 */
export class Contest {
  readonly entries: Entry[] = [];
  calls = 0;
  /** Choices that are in the contest, by their keys. */
  readonly #entered = new Set<string>();
  readonly #rows: readonly Example[];
  readonly #measure: MeasureRows;
  /** Of rows outside the contest's own, by choices and example. */
  readonly #probed = new Map<string, MeasuredRow>();

  constructor(rows: readonly Example[], measure: MeasureRows) {
    this.#rows = rows;
    this.#measure = measure;
  }

  get rowCount(): number {
    return this.#rows.length;
  }

  /** Enters a draft; returns its id, or null when the same choices are in the contest already. */
  enter(draft: Draft): number | null {
    const key = choicesKey(draft.choices);
    if (this.#entered.has(key)) return null;
    this.#entered.add(key);
    const id = this.entries.length;
    this.entries.push({
      id,
      draft,
      values: new Map(),
      vectors: new Map(),
      standings: [],
      rows: 0,
      unmeasured: 0,
    });
    return id;
  }

  /** Measures a candidate up to the first `rows` dev rows; rows it was measured on before cost nothing. */
  async advance(id: number, rows: number): Promise<void> {
    const entry = this.#entry(id);
    const from = entry.rows;
    const batch = this.#rows.slice(from, rows);
    const measured = await this.#measure(entry.draft.choices, batch);
    for (const [index, { objective, values, failure }] of measured.entries()) {
      if (failure !== undefined) entry.failure ??= `${batch[index]?.id}: ${failure}`;
      if (objective === null) entry.unmeasured += 1;
      else {
        entry.values.set(from + index, objective);
        entry.vectors.set(from + index, values);
      }
    }
    entry.rows = Math.max(from, rows);
    this.calls += batch.length;
    const mean = this.mean(id);
    if (mean !== null) entry.standings.push({ calls: this.calls, rows: entry.rows, mean });
  }

  /** Measures choices on rows that are not the contest's own (of the training split); rows they were measured on before cost nothing. */
  async probe(choices: Choices, rows: readonly Example[]): Promise<MeasuredRow[]> {
    const keyOf = ({ id }: Example) => JSON.stringify([choicesKey(choices), id]);
    const fresh = rows.filter((row) => !this.#probed.has(keyOf(row)));
    const measured = await this.#measure(choices, fresh);
    this.calls += fresh.length;
    for (const [index, row] of fresh.entries()) {
      const result = measured[index];
      if (result) this.#probed.set(keyOf(row), result);
    }
    return rows.flatMap((row) => this.#probed.get(keyOf(row)) ?? []);
  }

  /** Counts calls that measure nothing: questions to a proposer. */
  charge(calls: number): void {
    this.calls += calls;
  }

  /** Mean objective on the rows seen so far. */
  mean(id: number): number | null {
    const { values } = this.#entry(id);
    if (values.size === 0) return null;
    return [...values.values()].reduce((sum, value) => sum + value, 0) / values.size;
  }

  /** Candidates with comparable effects; one that fails on too many rows has effect NaN. */
  racers(): Racer[] {
    const measured = this.measured();
    const { candidates } = candidateEffects(measured.map(observation));
    const effects = new Map(measured.map((entry, index) => [entry.id, candidates[index] ?? Number.NaN]));
    return this.entries.map(({ id, rows }) => ({ id, rows, effect: effects.get(id) ?? Number.NaN }));
  }

  /** Entries that can be compared, as a surrogate wants them. */
  measured(): Entry[] {
    return this.entries.filter((entry) => entry.values.size > 0 && !failed(entry));
  }

  /** A candidate as a parent of others, with the strata of the rows it did not get fully right. */
  parent(id: number, stratumOf: (example: Example) => string): Parent {
    const entry = this.#entry(id);
    const missed = [...entry.values].flatMap(([row, value]) => {
      const example = this.#rows[row];
      return value < 1 && example ? [stratumOf(example)] : [];
    });
    return { id, choices: entry.draft.choices, missed };
  }

  /** A candidate's objective by row index. */
  values(id: number): ReadonlyMap<number, number> {
    return this.#entry(id).values;
  }

  choices(id: number): Choices {
    return this.#entry(id).draft.choices;
  }

  /** The way of each candidate through the search; `picked` is null when none was. */
  trace(picked: number | null): CandidateTrace[] {
    return this.entries.map((entry) => ({
      id: entry.id,
      parent: entry.draft.parent,
      why: entry.draft.why,
      choices: entry.draft.choices,
      standings: entry.standings,
      fate: fateOf(entry, picked),
      ...(entry.failure !== undefined && { failure: entry.failure }),
    }));
  }

  #entry(id: number): Entry {
    const entry = this.entries[id];
    if (!entry) throw new RangeError(`no candidate ${id}`);
    return entry;
  }
}

/** An entry as the surrogate sees it. */
export function observation(entry: { draft: Draft; values: ReadonlyMap<number, number> }) {
  return { choices: entry.draft.choices, values: entry.values };
}

function fateOf(entry: Entry, picked: number | null): CandidateTrace['fate'] {
  if (entry.id === picked) return 'picked';
  if (failed(entry)) return 'failed';
  return picked === null && entry.id === 0 ? 'stays' : 'raced out';
}

function failed(entry: Entry): boolean {
  return entry.rows > 0 && entry.unmeasured > toleratedFailures * entry.rows;
}
