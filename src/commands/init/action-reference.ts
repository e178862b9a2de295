import { readFileSync } from 'node:fs';
import path from 'node:path';
import { simpleGit } from 'simple-git';
import { z } from 'zod';
import { inputError, outsideError } from '../../errors.ts';
import { version } from '../../version.ts';

/** The Action as a workflow uses it. */
export type ActionReference = {
  /** `owner/name@SHA`. */
  readonly action: string;
  /** The tag or version that the SHA is of, without `v`. */
  readonly version: string;
};

type Environment = Readonly<Record<string, string | undefined>>;

const form = /^(\w[\w.-]*\/[\w.-]+)@(\w[\w./+-]*)$/;
const fullCommit = /^[0-9a-f]{40}$/;

const hint = 'Name it by its commit: --action owner/name@SHA';

/**
 * The Action to write into workflows, by its full commit: what `given` names, the Action that runs this, or the repository of promptline's
 * own package at the tag of its version. A tag or branch is looked up at the Git server.
 * @param folder of promptline's package.json
 * @throws {PromptlineError} where no repository is known, or its commit cannot be found
 */
export async function actionReference(
  given: string | undefined,
  environment: Environment,
  folder: string,
): Promise<ActionReference> {
  const { repository, ref } = named(given, environment) ?? ofPackage(folder);
  if (fullCommit.test(ref)) return { action: `${repository}@${ref}`, version };
  const server = environment['GITHUB_SERVER_URL'] ?? 'https://github.com';
  const commit = await resolveRef(`${server}/${repository}`, ref, environment);
  return { action: `${repository}@${commit}`, version: ref.replace(/^v/, '') };
}

function named(given: string | undefined, environment: Environment) {
  const { GITHUB_ACTION_REPOSITORY: running, GITHUB_ACTION_REF: itsRef } = environment;
  const name = given ?? (running && itsRef ? `${running}@${itsRef}` : undefined);
  if (name === undefined) return undefined;
  const [, repository, ref] = form.exec(name) ?? [];
  if (repository !== undefined && ref !== undefined) return { repository, ref };
  throw inputError(`"${name}" is not an Action`, hint);
}

const packageSchema = z.looseObject({
  repository: z
    .union([z.string(), z.looseObject({ url: z.string() }).transform(({ url }) => url)])
    .optional(),
});

function ofPackage(folder: string): { repository: string; ref: string } {
  const text = readFileSync(path.join(folder, 'package.json'), 'utf8');
  const { repository } = packageSchema.parse(JSON.parse(text));
  const [, name] =
    /^(?:github:|(?:git\+)?https:\/\/github\.com\/)?([\w.-]+\/[\w-]+(?:\.[\w-]+)*?)(?:\.git)?$/.exec(
      repository ?? '',
    ) ?? [];
  if (name !== undefined) return { repository: name, ref: `v${version}` };
  throw inputError(
    'the workflows need the Action, and this copy of promptline does not know its repository',
    hint,
  );
}

/** The commit of a tag or branch; of an annotated tag the commit it stands on. */
async function resolveRef(address: string, ref: string, environment: Environment): Promise<string> {
  let listed: string;
  try {
    listed = await simpleGit({ allowEnvironment: ['GIT_TERMINAL_PROMPT'] })
      .env(withoutPrompt(environment))
      .listRemote([address, ref, `${ref}^{}`]);
  } catch (error) {
    throw outsideError(`${address} could not be asked for the commit of ${ref}`, hint, error);
  }
  const commits = listed
    .split('\n')
    .map((line) => line.split('\t'))
    .filter(([, name = '']) => /^refs\/(tags|heads)\//.test(name));
  const found = commits.find(([, name]) => name?.endsWith('^{}')) ?? commits[0];
  const [commit = ''] = found ?? [];
  if (fullCommit.test(commit)) return commit;
  throw outsideError(`${address} has no tag or branch "${ref}"`, hint);
}

/** Git would ask for a password where a repository is private or not there; nobody may be there to answer. */
function withoutPrompt(environment: Environment): Record<string, string | undefined> {
  const { PATH, HOME, HTTPS_PROXY, https_proxy } = environment;
  return { PATH, HOME, HTTPS_PROXY, https_proxy, GIT_TERMINAL_PROMPT: '0' };
}
