import type { LooseExample } from '../../datasets/append-rows.ts';
import { rareLabels } from '../../datasets/balance.ts';
import type { Example } from '../../datasets/dataset.ts';
import { createNearCopies } from '../../datasets/near-copies.ts';
import { stableSample } from '../../datasets/order.ts';
import type { Prompt } from '../../prompts/prompt.ts';
import type { Candidate } from './candidates.ts';
import { type Draft, draftOf, harvestedTag, type Making, monthTag } from './rows.ts';
import { createTopics } from './topics.ts';

/** Why a row is worth having, the most telling first; a row counts where it is named first. */
const strata = ['failure', 'low-feedback', 'new-cluster', 'rare-label', 'labelled'] as const;
export type Stratum = (typeof strata)[number];

/** What a harvest of one family found. */
export type Harvest = {
  /** In the order of their ids. */
  readonly rows: readonly LooseExample[];
  /** Rows that were chosen, by what they are for. */
  readonly chosen: Readonly<Record<Stratum, number>>;
  /** Pieces of personal data that were taken out of the chosen rows, by kind. */
  readonly redacted: Readonly<Record<string, number>>;
  readonly candidates: number;
  /** Why candidates are not among the rows. */
  readonly left: {
    /** Almost the same as a row of the datasets or another candidate. */
    readonly nearCopies: number;
    /** Not every prompt of the family can be asked with them. */
    readonly unfit: number;
    /** A person turned them down in an earlier pull request. */
    readonly declined: number;
    /** The datasets have enough of their kind. */
    readonly usual: number;
    /** More than were asked for. */
    readonly beyondLimit: number;
  };
};

export type Selection = Making & {
  /** Rows of all splits, and those that wait for a label. */
  readonly existing: readonly LooseExample[];
  /** Of the training split: what it has too little of is wanted. */
  readonly train: readonly LooseExample[];
  /** Ids that were proposed before and are not wanted. */
  readonly declined: ReadonlySet<string>;
  readonly limit: number;
};

/** Inputs that share this much of the pieces of each field are the same to a dataset. */
const NEAR_COPY = 0.8;

/** Chooses rows from what production was asked. The same candidates give the same rows, in whatever order they come. */
export function selectRows(candidates: readonly Candidate[], selection: Selection): Harvest {
  const { prompts, fields, existing, train, declined, limit } = selection;
  const drafts = candidates.flatMap((candidate) => draftOf(candidate, selection) ?? []);
  const wanted = drafts.filter(({ id }) => !declined.has(id));
  const fresh = withoutCopies(wanted, existing, fields);
  const place = placing(prompts, { existing, train, fields });
  const placed = fresh.map(place);
  const useful = placed.flatMap(({ stratum, ...rest }) => (stratum === null ? [] : [{ ...rest, stratum }]));
  const chosen = stableSample(useful, limit, ({ stratum }) => stratum).toSorted((a, b) =>
    a.id < b.id ? -1 : 1,
  );
  return {
    rows: chosen.map(({ row }) => row),
    chosen: countBy(strata, chosen),
    redacted: sumOf(chosen.map(({ draft }) => draft.found)),
    candidates: candidates.length,
    left: {
      nearCopies: wanted.length - fresh.length,
      unfit: candidates.length - drafts.length,
      declined: drafts.length - wanted.length,
      usual: placed.length - useful.length,
      beyondLimit: useful.length - chosen.length,
    },
  };
}

/** Of those that are almost the same, the one that says most. */
function withoutCopies(
  drafts: readonly Draft[],
  existing: readonly LooseExample[],
  fields: readonly string[],
): Draft[] {
  const copies = createNearCopies({ fields, threshold: NEAR_COPY, like: [...existing, ...drafts] });
  for (const row of existing) copies.add(row);
  const telling = ({ failed, disliked, expected }: Draft) => (failed ? 0 : disliked ? 1 : expected ? 2 : 3);
  const ranked = drafts.toSorted((a, b) => telling(a) - telling(b) || (a.id < b.id ? -1 : 1));
  return ranked.filter((draft) => {
    if (copies.find(draft) !== null) return false;
    copies.add(draft);
    return true;
  });
}

type Placed = {
  readonly id: string;
  readonly draft: Draft;
  readonly row: LooseExample;
  readonly stratum: Stratum | null;
};

function placing(
  prompts: readonly Prompt[],
  { existing, train, fields }: Pick<Selection, 'existing' | 'train' | 'fields'>,
): (draft: Draft) => Placed {
  const topics = createTopics();
  const textOf = (input: Example['input']) => fields.map((name) => String(input[name] ?? '')).join('\n');
  for (const { input, cluster } of existing) topics.addKnown(textOf(input), cluster);
  const isRare = rareReferences(prompts, train);
  return (draft) => {
    const { id, input, expected, lastAt, labelledBy, failed, disliked } = draft;
    const { cluster, isNew } = topics.place(textOf(input), id);
    const reasons: Readonly<Record<Stratum, boolean>> = {
      failure: failed,
      'low-feedback': disliked,
      'new-cluster': isNew,
      'rare-label': expected !== null && isRare(expected),
      labelled: expected !== null,
    };
    const own = strata.filter((stratum) => reasons[stratum]);
    const tags = [
      harvestedTag,
      monthTag(lastAt),
      ...own.filter((stratum) => stratum !== 'labelled'),
      ...(labelledBy === null ? [] : [`label:${labelledBy}`]),
    ];
    return {
      id,
      draft,
      row: { id, input, ...(expected && { expected }), tags, cluster },
      stratum: own[0] ?? null,
    };
  };
}

/** Whether a reference has a label that the training split has little of. */
function rareReferences(
  prompts: readonly Prompt[],
  train: readonly LooseExample[],
): (expected: Example['expected']) => boolean {
  const rare = prompts.flatMap(({ output }) => {
    if (output.format !== 'label' || !output.labels) return [];
    const { field, labels } = output;
    const given = train.flatMap(({ expected }) =>
      typeof expected?.[field] === 'string' ? [expected[field]] : [],
    );
    return rareLabels(given, labels).map(({ label }) => ({ field, label }));
  });
  return (expected) => rare.some(({ field, label }) => expected[field] === label);
}

function countBy(names: readonly Stratum[], chosen: readonly { readonly stratum: Stratum }[]) {
  const count = (name: Stratum) => chosen.filter(({ stratum }) => stratum === name).length;
  return Object.fromEntries(names.map((name) => [name, count(name)])) as Record<Stratum, number>;
}

function sumOf(counts: readonly ReadonlyMap<string, number>[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const [kind, count] of counts.flatMap((each) => [...each]))
    sums.set(kind, (sums.get(kind) ?? 0) + count);
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
}
