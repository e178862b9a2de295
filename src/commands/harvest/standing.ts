import type { LooseExample } from '../../datasets/append-rows.ts';
import type { Branch, FileChange, RepositoryHost } from '../../host/repository-host.ts';
import { harvestedIn } from '../../reports/harvest.ts';
import { readMark } from '../../reports/pull-request.ts';
import { attempt } from '../attempt.ts';
import type { Standing } from '../propose/decide.ts';
import { digestOf, type FamilyPlaces, type FamilyTexts, rowsIn } from './family-files.ts';

/** The branch of a family's harvest. No prompt's proposals go to it, whatever the family is called. */
export function branchOf(family: string): string {
  return `promptline-harvest/${family}`;
}

/** What stands in the repository for a family's harvest. */
export type HarvestStanding = {
  readonly standing: Standing;
  /** The files on the branch that pull requests go to. */
  readonly texts: FamilyTexts;
  /** Rows of the pull request that is open. */
  readonly open: readonly LooseExample[];
  /** Ids of rows that were shown to people and decided on: merged, taken out, or closed. */
  readonly decided: ReadonlySet<string>;
};

export async function standingOf(
  host: RepositoryHost,
  family: string,
  places: FamilyPlaces,
): Promise<HarvestStanding> {
  const base = await host.defaultBranch();
  const [head, pullRequests] = [
    await host.branch(branchOf(family)),
    await host.pullRequestsOf(branchOf(family)),
  ];
  const texts = await textsAt(host, places, base.commit);
  const branch = head && (await changesOf(host, base, head, places));
  const past = pullRequests.filter(({ state, body }) => state !== 'open' && readMark(body) !== null);
  const isOpen = pullRequests.some(({ state }) => state === 'open');
  return {
    standing: {
      base,
      branch,
      pullRequests,
      isMeasured: true,
      isMerged: false,
    },
    texts,
    open: isOpen && branch ? await addedRows(host, places, texts, branch) : [],
    decided: new Set(past.flatMap(({ body }) => harvestedIn(body))),
  };
}

async function textsAt(host: RepositoryHost, places: FamilyPlaces, commit: string): Promise<FamilyTexts> {
  const [train, unlabelled] = await Promise.all([
    host.readFile(places.train, commit),
    host.readFile(places.unlabelled, commit),
  ]);
  return { train, unlabelled };
}

async function changesOf(
  host: RepositoryHost,
  base: Branch,
  head: Branch,
  places: FamilyPlaces,
): Promise<Standing['branch']> {
  const { mergeBase, commits, files } = await host.commitsSince(base.name, head.commit);
  const isOurs = files.every((file) => file === places.train || file === places.unlabelled);
  const held: FileChange[] = [];
  for (const file of files) {
    const content = isOurs ? await host.readFile(file, head.commit) : null;
    if (content !== null) held.push({ path: file, content });
  }
  return { ...head, mergeBase, commits, content: held.length === files.length ? digestOf(held) : null };
}

/**
 * Rows that a branch added and the base does not have; none where a person left something that is no dataset. What the branch began with is
 * none of them: people may have removed it from the base since.
 */
async function addedRows(
  host: RepositoryHost,
  places: FamilyPlaces,
  base: FamilyTexts,
  { commit, mergeBase }: { readonly commit: string; readonly mergeBase: string },
): Promise<readonly LooseExample[]> {
  const [begun, there] = [await textsAt(host, places, mergeBase), await textsAt(host, places, commit)];
  const added = attempt(() => {
    const rowsOf = (texts: FamilyTexts) => Object.values(rowsIn(texts, places)).flat();
    const known = new Set([...rowsOf(base), ...rowsOf(begun)].map(({ id }) => id));
    return rowsOf(there).filter(({ id }) => !known.has(id));
  });
  return 'value' in added ? added.value : [];
}
