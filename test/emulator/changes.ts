import type { BareRepository } from './git.ts';

/** One file that differs between two commits, in GitHub's words. */
export type FileChange = {
  sha: string;
  filename: string;
  previous: string | undefined;
  status: 'added' | 'removed' | 'modified' | 'renamed' | 'copied' | 'changed';
  additions: number;
  deletions: number;
  /** Undefined for a file that is not text. */
  patch: string | undefined;
};

const statuses: Record<string, FileChange['status']> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  C: 'copied',
  T: 'changed',
};

/** @param base a commit, or the empty tree before the first one */
export async function changedFiles(git: BareRepository, base: string, head: string): Promise<FileChange[]> {
  const [summary, patches] = await Promise.all([
    git.run(['diff-tree', '-r', '-M', '--raw', '--numstat', '--no-abbrev', '-z', base, head]),
    git.run(['diff-tree', '-r', '-M', '-p', base, head]),
  ]);
  const texts = patches
    .toString()
    .split(/^diff --git /m)
    .slice(1);
  const { entries, counts } = readSummary(summary.toString());
  return entries.map((entry, index) => {
    const [additions = 0, deletions = 0] = counts[index] ?? [];
    const text = texts[index] ?? '';
    const hunks = text.search(/^@@ /m);
    return {
      ...entry,
      additions,
      deletions,
      patch: hunks < 0 ? undefined : text.slice(hunks).replace(/\n$/, ''),
    };
  });
}

type Entry = Omit<FileChange, 'additions' | 'deletions' | 'patch'>;

/** The fields of `--raw` and, after all of them, of `--numstat`, each ended by a NUL. */
function readSummary(summary: string): { entries: Entry[]; counts: number[][] } {
  const fields = summary.split('\0');
  const entries: Entry[] = [];
  const counts: number[][] = [];
  for (let at = 0; at < fields.length && fields[at] !== ''; ) {
    const field = fields[at] ?? '';
    if (field.startsWith(':')) {
      const [, , before = '', after = '', letter = 'M'] = field.split(' ');
      const status = statuses[letter.charAt(0)] ?? 'modified';
      const moved = status === 'renamed' || status === 'copied';
      const first = fields[at + 1] ?? '';
      const filename = moved ? (fields[at + 2] ?? '') : first;
      entries.push({
        sha: status === 'removed' ? before : after,
        filename,
        previous: moved ? first : undefined,
        status,
      });
      at += moved ? 3 : 2;
    } else {
      const [added = '', removed = '', name = ''] = field.split('\t');
      // A dash counts the lines of a file that is not text.
      counts.push([Number(added) || 0, Number(removed) || 0]);
      at += name === '' ? 3 : 1;
    }
  }
  return { entries, counts };
}

/** Files of a commit against its first parent. */
export async function filesOfCommit(
  git: BareRepository,
  sha: string,
  parent: string | undefined,
): Promise<FileChange[]> {
  const base =
    parent ??
    (await git.run(['hash-object', '-t', 'tree', '-w', '--stdin'], { input: '' })).toString().trim();
  return changedFiles(git, base, sha);
}
