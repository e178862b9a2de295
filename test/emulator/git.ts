import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export type Person = { name: string; email: string; date: string };

export type Commit = {
  sha: string;
  tree: string;
  parents: string[];
  author: Person;
  committer: Person;
  message: string;
};

export type Reference = { ref: string; sha: string; type: string };

export type TreeEntry = { mode: string; type: string; sha: string; size: number | null; path: string };

/** Contents, or the object that is there already; `sha: null` takes the path away. */
export type TreeChange = { path: string; mode?: string } & ({ content: Buffer } | { sha: string | null });

type RunOptions = { input?: Buffer | string; env?: Record<string, string> };

export class GitError extends Error {}

export const NO_COMMIT = '0'.repeat(40);

/** Nothing of the machine's own configuration reaches the emulator. */
export const gitEnvironment = {
  PATH: process.env['PATH'] ?? '',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
};

/**
 * Refuses updates of references that this push may not change. The emulator knows the rules and hands over the names, because
 * they depend on who pushes.
 */
const UPDATE_HOOK = `#!/bin/sh
case " $REFUSED_REFS " in *" $1 "*)
  echo "error: GH006: Protected branch update failed for $1." >&2
  echo "error: Changes must be made through a pull request." >&2
  exit 1;;
esac
`;

const COMMIT_FORMAT = '%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B%x00%x01';

/** A bare Git repository: the one truth for references, trees, commits and what changed between them. */
export class BareRepository {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async create(directory: string, defaultBranch: string): Promise<BareRepository> {
    mkdirSync(directory, { recursive: true });
    const git = new BareRepository(directory);
    await git.text('init', '--quiet', '--bare', `--initial-branch=${defaultBranch}`);
    const hook = path.join(directory, 'hooks', 'update');
    mkdirSync(path.dirname(hook), { recursive: true });
    writeFileSync(hook, UPDATE_HOOK, { mode: 0o755 });
    // As GitHub serves: any commit by its name, partial clones, no push over unseen history by accident of a shallow clone.
    const settings = '[uploadpack]\n\tallowFilter = true\n\tallowAnySHA1InWant = true\n[gc]\n\tauto = 0\n';
    writeFileSync(path.join(directory, 'config'), settings, { flag: 'a' });
    return git;
  }

  /** Runs Git here. @throws {GitError} with what Git says */
  async run(args: readonly string[], { input, env }: RunOptions = {}): Promise<Buffer> {
    const child = spawn('git', args, { cwd: this.directory, env: { ...gitEnvironment, ...env } });
    const out: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    // A Git that ends early does not read on; its exit code tells.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const [code] = await once(child, 'close');
    if (code !== 0)
      throw new GitError(`git ${args.join(' ')}: ${Buffer.concat(errors)}${Buffer.concat(out)}`.trim());
    return Buffer.concat(out);
  }

  async text(...args: string[]): Promise<string> {
    return (await this.run(args)).toString().trimEnd();
  }

  /** The commit that a branch, a tag, a SHA or an expression names. */
  async resolve(revision: string): Promise<string | undefined> {
    const exact = revision.startsWith('refs/') || /^[0-9a-f]{40}$/.test(revision);
    for (const name of exact ? [revision] : [`refs/heads/${revision}`, `refs/tags/${revision}`, revision]) {
      try {
        return await this.text('rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`);
      } catch (error) {
        if (!(error instanceof GitError)) throw error;
      }
    }
    return undefined;
  }

  async isReferenceName(name: string): Promise<boolean> {
    return this.text('check-ref-format', name).then(
      () => true,
      () => false,
    );
  }

  async references(prefix = 'refs'): Promise<Reference[]> {
    const format = '%(refname) %(objectname) %(objecttype)';
    // A pattern of for-each-ref matches whole parts of names; GitHub's matches any beginning.
    const lines = await this.text('for-each-ref', `--format=${format}`, 'refs');
    return lines
      .split('\n')
      .map((line) => line.split(' '))
      .map(([ref = '', sha = '', type = '']) => ({ ref, sha, type }))
      .filter(({ ref }) => ref !== '' && ref.startsWith(prefix));
  }

  async reference(name: string): Promise<Reference | undefined> {
    return (await this.references(name)).find(({ ref }) => ref === name);
  }

  /**
   * Moves a reference if it still is where the caller thinks; Git compares and sets in one step.
   * @param from NO_COMMIT for a reference that must not exist yet
   * @param to NO_COMMIT deletes it
   * @throws {GitError} when it is elsewhere
   */
  async update(name: string, from: string, to: string): Promise<void> {
    await this.updateTogether([{ ref: name, from, to }]);
  }

  /** All of the references or none of them. */
  async updateTogether(moves: readonly { ref: string; from: string; to: string }[]): Promise<void> {
    const lines = moves.map(({ ref, from, to }) => `update ${ref} ${to} ${from}\n`);
    await this.run(['update-ref', '--stdin'], { input: lines.join('') });
  }

  async isAncestor(old: string, of: string): Promise<boolean> {
    return (await this.text('merge-base', old, of).catch(() => '')) === old;
  }

  async commits(...args: string[]): Promise<Commit[]> {
    const log = await this.run(['log', `--format=${COMMIT_FORMAT}`, ...args]);
    return log
      .toString()
      .split('\u0001')
      .map((entry) => entry.replace(/^\n/, '').split('\0'))
      .filter(([sha = '']) => sha !== '')
      .map(commitFrom);
  }

  /** @throws {GitError} when there is none */
  async commit(sha: string): Promise<Commit> {
    const [commit] = await this.commits('--no-walk', '--end-of-options', sha);
    if (!commit) throw new GitError(`no commit ${sha}`);
    return commit;
  }

  /** Bytes and type of an object, by SHA or as `COMMIT:path`. */
  async object(name: string): Promise<{ sha: string; type: string; content: Buffer } | undefined> {
    const answer = await this.run(['cat-file', '--batch'], { input: `${name}\n` });
    const end = answer.indexOf(10);
    const [sha = '', type = '', size] = answer.subarray(0, end).toString().split(' ');
    if (size === undefined || !/^\d+$/.test(size)) return undefined;
    return { sha, type, content: answer.subarray(end + 1, end + 1 + Number(size)) };
  }

  async tree(treeish: string, ...args: string[]): Promise<TreeEntry[]> {
    const listing = await this.text('ls-tree', '-z', '-l', ...args, '--end-of-options', treeish);
    return listing
      .split('\0')
      .filter((line) => line !== '')
      .map((line) => {
        const [head = '', entry = ''] = line.split('\t');
        const [mode = '', type = '', sha = '', size = ''] = head.split(/ +/);
        return { mode, type, sha, size: size === '-' ? null : Number(size), path: entry };
      });
  }

  async mergeBase(base: string, head: string): Promise<string | undefined> {
    const [sha] = (await this.run(['merge-base', base, head]).catch(() => Buffer.of()))
      .toString()
      .split('\n');
    return sha === '' ? undefined : sha;
  }

  /** How many commits only the one, and only the other, has. */
  async divergence(base: string, head: string): Promise<{ behind: number; ahead: number }> {
    const counts = await this.text('rev-list', '--left-right', '--count', `${base}...${head}`);
    const [behind = 0, ahead = 0] = counts.split('\t').map(Number);
    return { behind, ahead };
  }

  /** The tree of a merge; undefined when the two conflict. */
  async mergedTree(base: string, head: string): Promise<string | undefined> {
    try {
      const tree = await this.text('merge-tree', '--write-tree', base, head);
      return tree.split('\n')[0];
    } catch (error) {
      if (error instanceof GitError) return undefined;
      throw error;
    }
  }

  async writeBlob(content: Buffer): Promise<string> {
    return (await this.run(['hash-object', '-w', '--stdin'], { input: content })).toString().trim();
  }

  /** A tree with changes to another one; from nothing when that is undefined. */
  async writeTree(base: string | undefined, changes: readonly TreeChange[]): Promise<string> {
    const index = path.join(this.directory, `index-${randomUUID()}`);
    const env = { GIT_INDEX_FILE: index };
    const lines = await Promise.all(
      changes.map(async (change) => {
        const sha = 'content' in change ? await this.writeBlob(change.content) : change.sha;
        const { mode = '100644', path: file } = change;
        return sha === null ? `0 ${NO_COMMIT}\t${file}\0` : `${mode} ${sha}\t${file}\0`;
      }),
    );
    await this.run(base === undefined ? ['read-tree', '--empty'] : ['read-tree', base], { env });
    await this.run(['update-index', '-z', '--index-info'], { input: lines.join(''), env });
    return (await this.run(['write-tree'], { env })).toString().trim();
  }

  async writeCommit({ tree, parents, author, committer, message }: Omit<Commit, 'sha'>): Promise<string> {
    const lines = [
      `tree ${tree}`,
      ...parents.map((parent) => `parent ${parent}`),
      `author ${stampOf(author)}`,
      `committer ${stampOf(committer)}`,
      '',
      message,
    ];
    const args = ['hash-object', '-t', 'commit', '-w', '--stdin'];
    return (await this.run(args, { input: lines.join('\n') })).toString().trim();
  }

  /** The text of all objects, for a search. */
  async everything(): Promise<string> {
    return (await this.run(['cat-file', '--batch', '--batch-all-objects'])).toString();
  }

  /** Copies a commit of another repository, as GitHub's networks of forks share their objects. */
  async fetchFrom(other: BareRepository, sha: string): Promise<void> {
    if (other !== this) await this.text('fetch', '--quiet', '--no-tags', other.directory, sha);
  }
}

/** Whether Git keeps a file of this name: nothing outside of the tree, nothing of Git's own. */
export function isSoundPath(file: string): boolean {
  return file.split('/').every((name) => !['', '.', '..'].includes(name) && name.toLowerCase() !== '.git');
}

function commitFrom(fields: readonly string[]): Commit {
  const [
    sha = '',
    tree = '',
    parents = '',
    an = '',
    ae = '',
    ad = '',
    cn = '',
    ce = '',
    cd = '',
    message = '',
  ] = fields;
  return {
    sha,
    tree,
    parents: parents.split(' ').filter(Boolean),
    author: { name: an, email: ae, date: utc(ad) },
    committer: { name: cn, email: ce, date: utc(cd) },
    message: message.trimEnd(),
  };
}

/** Git keeps a zone; GitHub answers in UTC, without parts of a second. */
export function utc(date: string | number): string {
  return new Date(date).toISOString().replace(/\.\d+Z$/, 'Z');
}

function stampOf({ name, email, date }: Person): string {
  return `${name} <${email}> ${Math.floor(Date.parse(date) / 1000)} +0000`;
}
