import path from 'node:path';
import { BareRepository, utc } from './git.ts';
import {
  type Account,
  type App,
  type Artifact,
  fullName,
  type Label,
  nodeId,
  type Repository,
  type Role,
  type WorkflowRun,
} from './state.ts';
import type { Token } from './tokens.ts';

/** Something that GitHub tells webhooks and workflows. */
export type RecordedEvent = {
  event: string;
  action: string | null;
  repository: string;
  actor: string;
  /** The number, the reference, the tag or the name that the event is about. */
  subject: string | number;
  /** False for what a GITHUB_TOKEN caused: GitHub starts no workflow then, so that none starts itself for ever. */
  startsWorkflows: boolean;
};

export type RepositorySettings = {
  private?: boolean;
  defaultBranch?: string;
  /** Logins and their roles. */
  collaborators?: Readonly<Record<string, Role>>;
  /** Files of the first commit, by path. */
  files?: Readonly<Record<string, string | Buffer>>;
  immutableReleases?: boolean;
  actionsMayOpenPullRequests?: boolean;
};

/** `source` is the fork whose branch it ran for; the repository itself by default. */
export type GivenRun = Pick<WorkflowRun, 'path' | 'event' | 'branch'> & { source?: Repository };

export type Urls = { server: string; api: string; uploads: string; graphql: string };

/** Events that start workflows whoever caused them. */
const alwaysStart = ['workflow_dispatch', 'repository_dispatch'];

/** Everything the emulated GitHub knows. */
export class GitHub {
  readonly directory: string;
  readonly urls: Urls;
  readonly accounts = new Map<string, Account>();
  readonly apps = new Map<string, App>();
  readonly tokens = new Map<string, Token>();
  readonly repositories = new Map<string, Repository>();
  readonly events: RecordedEvent[] = [];
  /** Files that links lead to, by path. */
  readonly storage = new Map<string, { type: string; content: Buffer }>();
  readonly actions: App;
  #lastId = 1000;

  /** @param directory of the bare repositories */
  constructor(directory: string, urls: Urls) {
    this.directory = directory;
    this.urls = urls;
    this.accounts.set('github-actions[bot]', { id: 41_898_282, login: 'github-actions[bot]', type: 'Bot' });
    const owner = this.account('github', 'Organization');
    this.actions = { id: 15_368, slug: 'github-actions', name: 'GitHub Actions', owner };
    this.apps.set('github-actions', this.actions);
  }

  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  now(): string {
    return utc(Date.now());
  }

  /** The account with this login; made when there is none yet. */
  account(login: string, type: Account['type'] = 'User'): Account {
    const account = this.accounts.get(login) ?? { id: this.nextId(), login, type };
    this.accounts.set(login, account);
    return account;
  }

  /** The app with this slug, whose bot is `SLUG[bot]`; made when there is none yet. */
  app(slug: string): App {
    const owner = this.account('octo-org', 'Organization');
    const app = this.apps.get(slug) ?? { id: this.nextId(), slug, name: slug, owner };
    this.apps.set(slug, app);
    return app;
  }

  find(owner: string, name: string): Repository | undefined {
    return this.repositories.get(`${owner}/${name}`.toLowerCase());
  }

  /** A repository with one commit. */
  async createRepository(full: string, settings: RepositorySettings = {}): Promise<Repository> {
    const { defaultBranch = 'main', files = { 'README.md': `# ${full}\n` } } = settings;
    const repository = await this.#empty(full, settings, undefined);
    const { git } = repository;
    const changes = Object.entries(files).map(([file, content]) => ({
      path: file,
      content: Buffer.from(content),
    }));
    const tree = await git.writeTree(undefined, changes);
    const person = personOf(repository.owner, this.now());
    const sha = await git.writeCommit({
      tree,
      parents: [],
      author: person,
      committer: person,
      message: 'Begin\n',
    });
    await git.text('update-ref', `refs/heads/${defaultBranch}`, sha);
    return repository;
  }

  /** A copy under another owner, as the button "Fork" makes. */
  async fork(parent: Repository, owner: string): Promise<Repository> {
    const settings = { private: parent.private, defaultBranch: parent.defaultBranch };
    const fork = await this.#empty(`${owner}/${parent.name}`, settings, parent);
    await fork.git.text(
      'fetch',
      '--quiet',
      parent.git.directory,
      '+refs/heads/*:refs/heads/*',
      '+refs/tags/*:refs/tags/*',
    );
    return fork;
  }

  async addRun(
    repository: Repository,
    { path: file, event, branch, source = repository }: GivenRun,
  ): Promise<WorkflowRun> {
    const run: WorkflowRun = {
      id: this.nextId(),
      number: repository.runs.size + 1,
      path: file,
      event,
      source,
      branch,
      sha: (await source.git.resolve(branch)) ?? '',
      status: 'completed',
      conclusion: 'success',
      actor: repository.owner,
      createdAt: this.now(),
    };
    repository.runs.set(run.id, run);
    return run;
  }

  addArtifact(repository: Repository, { run, name, zip }: Pick<Artifact, 'run' | 'name' | 'zip'>): Artifact {
    const artifact: Artifact = { id: this.nextId(), run, name, zip, expired: false, createdAt: this.now() };
    repository.artifacts.set(artifact.id, artifact);
    return artifact;
  }

  emit(
    token: Token | undefined,
    repository: Repository,
    event: string,
    action: string | null,
    subject: string | number,
  ) {
    this.events.push({
      event,
      action,
      repository: fullName(repository),
      actor: token?.account.login ?? 'ghost',
      subject,
      startsWorkflows: token?.kind !== 'workflow' || alwaysStart.includes(event),
    });
  }

  async #empty(
    full: string,
    settings: RepositorySettings,
    parent: Repository | undefined,
  ): Promise<Repository> {
    const [owner = '', name = ''] = full.split('/');
    const defaultBranch = settings.defaultBranch ?? 'main';
    const git = await BareRepository.create(path.join(this.directory, owner, `${name}.git`), defaultBranch);
    const repository: Repository = {
      id: this.nextId(),
      owner: this.account(owner),
      name,
      private: settings.private ?? false,
      defaultBranch,
      parent,
      git,
      createdAt: this.now(),
      collaborators: new Map(Object.entries(settings.collaborators ?? {})),
      protections: new Map(),
      actionsMayOpenPullRequests: settings.actionsMayOpenPullRequests ?? true,
      immutableReleases: settings.immutableReleases ?? false,
      burnedTags: new Set(),
      lastNumber: 0,
      issues: new Map(),
      labels: new Map(defaultLabels.map((label) => [label.name, { id: this.nextId(), ...label }])),
      comments: new Map(),
      checkRuns: new Map(),
      statuses: [],
      releases: new Map(),
      runs: new Map(),
      artifacts: new Map(),
      verifiedCommits: new Set(),
    };
    this.repositories.set(full.toLowerCase(), repository);
    return repository;
  }
}

/** Some of those that GitHub gives a new repository. */
const defaultLabels: readonly Omit<Label, 'id'>[] = [
  { name: 'bug', color: 'd73a4a', description: "Something isn't working" },
  { name: 'documentation', color: '0075ca', description: 'Improvements or additions to documentation' },
  { name: 'enhancement', color: 'a2eeef', description: 'New feature or request' },
];

/** How an account signs commits made on GitHub. */
export function personOf({ id, login }: Account, date: string) {
  return { name: login, email: `${id}+${login}@users.noreply.github.com`, date };
}

/** As in REST's `node_id`. */
export const repositoryNodeId = ({ id }: Repository): string => nodeId('R', id);
