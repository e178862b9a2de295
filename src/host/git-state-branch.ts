import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SimpleGit } from 'simple-git';
import { outsideError, type PromptlineError } from '../errors.ts';
import { createFolder } from '../files/create-folder.ts';
import { resolveInside } from '../files/paths.ts';
import { accessOf } from './git-access.ts';
import { PermissionError } from './repository-host.ts';
import type { BranchSnapshot, StateBranch, StateChange } from './state-branch.ts';

/** Commits and fetches after which the temporary repository is made anew: a daemon would keep every state it ever saw. */
const RENEW_AFTER = 200;

/** Where the branch is kept in the temporary repository. */
const fetched = 'refs/promptline/state';

/**
 * The branch of the remote `origin` of a checkout, by Git alone and in a temporary repository of its own. Only the last commit is fetched,
 * so that a long history costs nothing. One call at a time.
 *
 * @param folder inside of the checkout, which may be shallow
 * @throws {PromptlineError} where there is no repository or no remote
 */
export async function openStateBranch(
  folder: string,
  {
    name,
    environment,
    renewAfter = RENEW_AFTER,
  }: {
    readonly name: string;
    readonly environment: Readonly<Record<string, string | undefined>>;
    readonly renewAfter?: number;
  },
): Promise<StateBranch> {
  const { remote, at } = await accessOf(folder, environment);
  const place = mkdtempSync(path.join(tmpdir(), 'promptline-state-'));
  const close = () => rmSync(place, { recursive: true, force: true, maxRetries: 3 });
  const git = at(place);
  const ref = `refs/heads/${name}`;
  const branch: Branch = { git, place, remote, ref, latest: null, renewAfter, gathered: 0 };
  try {
    await begin(branch);
  } catch (error) {
    close();
    throw error;
  }
  return {
    name,
    read: () => read(branch),
    commit: (change) => commit(branch, change),
    close,
  };
}

type Branch = {
  readonly git: SimpleGit;
  readonly place: string;
  readonly remote: string;
  readonly ref: string;
  /** As it was read last: a watch asks every few seconds, and mostly nothing has changed. */
  latest: BranchSnapshot | null;
  readonly renewAfter: number;
  /** Commits and fetches since the repository was made. */
  gathered: number;
};

async function begin({ git }: Branch): Promise<void> {
  try {
    await git.raw(['init', '--quiet']);
  } catch (error) {
    throw outsideError('git could not be run', 'Install Git', error);
  }
}

/** Begins the repository anew where much has gathered: cheaper than Git's own cleaning, since one fetch brings all that is needed. */
async function renewWhereFull(branch: Branch): Promise<void> {
  if (branch.gathered < branch.renewAfter) return;
  rmSync(path.join(branch.place, '.git'), { recursive: true, force: true, maxRetries: 3 });
  await begin(branch);
  branch.gathered = 0;
}

async function read(branch: Branch): Promise<BranchSnapshot> {
  const head = await headOf(branch);
  if (head === null) return { commit: null, files: new Map() };
  if (branch.latest?.commit === head) return branch.latest;
  await renewWhereFull(branch);
  const latest = (await has(branch, head)) ? head : await fetchLatest(branch);
  await checkOut(branch, latest);
  const listed = await branch.git.raw(['ls-files', '-z']);
  const names = listed.split('\0').filter((file) => file !== '');
  const files = names.map((file) => [file, readFileSync(path.join(branch.place, file), 'utf8')] as const);
  branch.latest = { commit: latest, files: new Map(files) };
  return branch.latest;
}

async function commit(branch: Branch, { expected, files, message }: StateChange): Promise<string | null> {
  const { git, place, remote, ref } = branch;
  await renewWhereFull(branch);
  branch.gathered += 1;
  if (expected === null) await git.raw(['read-tree', '--empty']);
  else {
    if (!(await has(branch, expected)) && (await fetchLatest(branch)) !== expected) return null;
    await checkOut(branch, expected);
  }
  for (const { path: file, content } of files) {
    const target = resolveInside(place, file);
    createFolder(path.dirname(target));
    writeFileSync(target, content);
  }
  await git.raw(['add', '--force', '--', ...files.map(({ path: file }) => file)]);
  const tree = (await git.raw(['write-tree'])).trim();
  const made = (
    await git.raw(['commit-tree', tree, ...(expected === null ? [] : ['-p', expected]), '-m', message])
  ).trim();
  try {
    // The lease also tells a branch that was set back, or that is gone, from the one that was read.
    await git.raw([
      'push',
      '--quiet',
      `--force-with-lease=${ref}:${expected ?? ''}`,
      remote,
      `${made}:${ref}`,
    ]);
    return made;
  } catch (error) {
    return settle(branch, { made, expected, error });
  }
}

/**
 * A push that failed may have been refused, because someone else was faster, or have come to nothing, or have arrived without an answer.
 * Where the branch is now tells which.
 */
async function settle(
  branch: Branch,
  {
    made,
    expected,
    error,
  }: { readonly made: string; readonly expected: string | null; readonly error: unknown },
): Promise<string | null> {
  const head = await headOf(branch).catch(() => {
    throw explained(error, branch, 'write');
  });
  if (head === made) return made;
  if (head !== expected) return null;
  throw explained(error, branch, 'write');
}

async function headOf(branch: Branch): Promise<string | null> {
  const { git, remote, ref } = branch;
  try {
    // Git gives every reference that ends so.
    const listed = (await git.raw(['ls-remote', '--quiet', remote, ref])).split('\n');
    const [found] = listed.map((line) => line.split('\t')).filter(([, name]) => name === ref);
    return found?.[0] ?? null;
  } catch (error) {
    throw explained(error, branch, 'read');
  }
}

/** Fetches the branch's last commit and gives it. */
async function fetchLatest(branch: Branch): Promise<string> {
  const { git, remote, ref } = branch;
  branch.gathered += 1;
  try {
    await git.raw(['fetch', '--quiet', '--no-tags', '--depth=1', remote, `+${ref}:${fetched}`]);
    return (await git.raw(['rev-parse', '--verify', fetched])).trim();
  } catch (error) {
    throw explained(error, branch, 'read');
  }
}

/** Makes the folder exactly what a commit holds. */
async function checkOut({ git }: Branch, commitId: string): Promise<void> {
  await git.raw(['reset', '--quiet', '--hard', commitId]);
  await git.raw(['clean', '--quiet', '-ffdx']);
}

async function has({ git }: Branch, commitId: string): Promise<boolean> {
  try {
    await git.raw(['cat-file', '-e', `${commitId}^{commit}`]);
    return true;
  } catch {
    return false;
  }
}

function explained(error: unknown, { remote, ref }: Branch, doing: 'read' | 'write'): PromptlineError {
  const name = ref.replace('refs/heads/', '');
  const reason = (error instanceof Error ? error.message : String(error)).trim();
  const where = remote.replace(/\/\/[^@/]*@/, '//');
  const isRefused = /\b(403|401)\b|denied|not granted|authentication failed|terminal prompts disabled/i;
  if (/GH006|GH013|protected branch|rule violations|hook declined/i.test(reason)) {
    return new PermissionError(
      'outside',
      `a rule of ${where} refuses to write the branch ${name}: ${reason}`,
      {
        hint: `Let promptline push to ${name}, or name another branch as \`rollout.branch\``,
        cause: error,
      },
    );
  }
  if (isRefused.test(reason)) {
    return new PermissionError('outside', `${where} refused to ${doing} the branch ${name}: ${reason}`, {
      hint: `The token needs \`contents: ${doing}\`: grant it in the job's \`permissions\`, or give another token as \`github-token\``,
      cause: error,
    });
  }
  return outsideError(
    `the branch ${name} of ${where} could not be ${doing === 'read' ? 'read' : 'written'}: ${reason}`,
    'Run it again: it goes on where it stopped',
    error,
  );
}
