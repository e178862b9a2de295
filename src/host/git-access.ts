import path from 'node:path';
import { type SimpleGit, simpleGit } from 'simple-git';
import { inputError } from '../errors.ts';
import { checkoutOf } from './checkout.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** How the remote of a checkout is reached from elsewhere, with the rights that Git has in the checkout. */
export type GitAccess = {
  /** An address, or an absolute folder. */
  readonly remote: string;
  /** Git in a folder, with the settings and credentials of the checkout. */
  at(folder: string): SimpleGit;
};

type Setting = readonly [name: string, value: string];

/** Milliseconds without a word from Git until it is ended. */
const ANSWER_WITHIN = 60_000;

/** Settings of a checkout that decide how its remote is reached. */
const ofAccess = '^(http|credential|url|ssh)\\..*|^core\\.(sshcommand|askpass|gitproxy)$';

/** Ours, whatever a person has set: the bytes as they are, no program of anyone's, and no question that nobody answers. */
const ownSettings: readonly Setting[] = [
  ['core.autocrlf', 'false'],
  ['core.symlinks', 'false'],
  ['core.quotepath', 'false'],
  ['core.hookspath', '/dev/null'],
  ['gc.auto', '0'],
  ['credential.interactive', 'false'],
];

const passedOn = [
  ...['PATH', 'HOME', 'XDG_CONFIG_HOME', 'SSH_AUTH_SOCK', 'TMPDIR'],
  ...[
    'HTTPS_PROXY',
    'https_proxy',
    'HTTP_PROXY',
    'http_proxy',
    'ALL_PROXY',
    'all_proxy',
    'NO_PROXY',
    'no_proxy',
  ],
];
const passedOnOfGit = ['GIT_SSH_COMMAND', 'GIT_SSL_CAINFO', 'GIT_CONFIG_GLOBAL', 'GIT_CONFIG_NOSYSTEM'];

/**
 * How `origin` is reached: by the checkout's own settings, so that a header or a helper that `actions/checkout` or a person left works,
 * or by the token in GITHUB_TOKEN or GH_TOKEN, which is sent to GITHUB_SERVER_URL only.
 * @throws {PromptlineError} where the folder is in no repository, or that has no `origin`
 */
export async function accessOf(folder: string, environment: Environment): Promise<GitAccess> {
  const top = await checkoutOf(folder);
  const base = gitWith(top, [], environment);
  const remote = await settingOf(base, 'remote.origin.url');
  if (remote === null)
    throw inputError(
      'there is no Git repository with a remote `origin` here',
      'Run it in a clone of the repository',
    );
  const settings = [
    ...(await settingsOf(base)),
    ...tokenSettings(environment),
    ...ownSettings,
    ...(await identity(base)),
  ];
  const isAddress = /^[a-z+]+:\/\//i.test(remote) || /^[^/]+:/.test(remote);
  return {
    remote: isAddress ? remote : path.resolve(top, remote),
    at: (place) => gitWith(place, settings, environment),
  };
}

/** The settings are handed over by the environment: a command line is anyone's to read. */
function gitWith(baseDir: string, settings: readonly Setting[], environment: Environment): SimpleGit {
  const given = [...passedOn, ...passedOnOfGit].flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const numbered = settings.flatMap(([name, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, name] as const,
    [`GIT_CONFIG_VALUE_${index}`, value] as const,
  ]);
  const variables = {
    ...Object.fromEntries([...given, ...numbered]),
    GIT_CONFIG_COUNT: String(settings.length),
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  };
  return simpleGit({
    baseDir,
    timeout: { block: ANSWER_WITHIN },
    allowEnvironment: Object.keys(variables).filter((name) => name.startsWith('GIT_')),
    // What the checkout's own settings may say; Git obeys them there too.
    unsafe: {
      allowUnsafeConfigEnvCount: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeCredentialHelper: true,
      allowUnsafeSshCommand: true,
      allowUnsafeUrlRewrite: true,
      allowUnsafeAskPass: true,
      allowUnsafeGitProxy: true,
      allowUnsafeHooksPath: true,
    },
  }).env(variables);
}

async function settingOf(git: SimpleGit, name: string): Promise<string | null> {
  try {
    return (await git.raw(['config', '--get', name])).trim() || null;
  } catch {
    return null;
  }
}

/** Of the repository itself, with the files it includes; those of the person and the machine are read anyway. */
async function settingsOf(git: SimpleGit): Promise<readonly Setting[]> {
  const listed = await git
    .raw(['config', '--local', '--includes', '-z', '--get-regexp', ofAccess])
    // Git fails where none is set.
    .catch(() => '');
  return listed
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [name = '', ...value] = entry.split('\n');
      return [name, value.join('\n')] as const;
    });
}

/** Who commits: the person whose checkout it is, or in a job the one GitHub shows for jobs. */
async function identity(git: SimpleGit): Promise<readonly Setting[]> {
  if ((await settingOf(git, 'user.email')) !== null) return [];
  return [
    ['user.name', 'github-actions[bot]'],
    ['user.email', '41898282+github-actions[bot]@users.noreply.github.com'],
  ];
}

/** The empty header takes back those that are set: a server refuses two. */
function tokenSettings(environment: Environment): readonly Setting[] {
  const token = environment['GITHUB_TOKEN'] || environment['GH_TOKEN'];
  if (!token) return [];
  const server = (environment['GITHUB_SERVER_URL'] || 'https://github.com').replace(/\/+$/, '');
  const header = `http.${server}/.extraheader`;
  const credentials = Buffer.from(`x-access-token:${token}`).toString('base64');
  return [
    [header, ''],
    [header, `AUTHORIZATION: basic ${credentials}`],
  ];
}
