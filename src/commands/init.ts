import { existsSync } from 'node:fs';
import path from 'node:path';
import { configurationFile } from '../config/load.ts';
import { inputError } from '../errors.ts';
import { actionReference } from './init/action-reference.ts';
import { configurationText } from './init/configuration-file.ts';
import { type ImportReport, makeFamilies } from './init/families.ts';
import { folderInside, ignoreResults, repositoryTop, type Written, writeNew } from './init/files.ts';
import { findImports } from './init/imports.ts';
import { providerKeys } from './init/provider-keys.ts';
import { sampleConfiguration, sampleFamily, sampleFiles } from './init/sample.ts';
import { workflows } from './init/workflows/workflows.ts';

type InitOptions = {
  readonly root: string;
  readonly dryRun: boolean;
  /** `owner/name@REF` for the workflows. */
  readonly action: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folder of promptline's own package.json. */
  readonly package: string;
};

export type InitResult = {
  /** Paths that were written, or would be; workflows relative to the Git repository, the rest to the folder of promptline.yaml. */
  readonly written: readonly string[];
  /** Paths that were there already and stay as they are. */
  readonly kept: readonly string[];
  readonly imports: readonly ImportReport[];
  /** The commands to run next. */
  readonly next: readonly string[];
};

/**
 * Brings promptline into a repository: a configuration, prompts with data (imported, or a sample), and workflows. No file that is there is
 * changed but .gitignore, which gets a line. What is there already is not imported again: with a configuration only the rest is added.
 * @throws {PromptlineError} before anything is written, where the Action for the workflows cannot be named
 */
export async function runInit(options: InitOptions): Promise<InitResult> {
  const { root, dryRun } = options;
  if (!existsSync(root))
    throw inputError(`there is no folder ${root}`, 'Make it, or name another with --root');
  const done: Written = { written: [], kept: [] };
  const top = repositoryTop(root);
  const folder = folderInside(top, root);
  const missing = Object.keys(workflows).filter((name) => !existsSync(path.join(top, name)));
  const action =
    missing.length > 0
      ? await actionReference(options.action, options.environment, options.package)
      : undefined;

  const first = existsSync(path.join(root, configurationFile)) ? noFiles : firstFiles(root);
  writeNew(root, first.files, { dryRun, done });
  if (first === noFiles) done.kept.push(configurationFile);
  ignoreResults(root, { dryRun, done });

  const keys = action && !dryRun ? providerKeys(root) : [];
  const settings = action && { ...action, folder, keys };
  const texts = Object.entries(workflows).map(([name, text]) => [name, settings ? text(settings) : '']);
  writeNew(top, Object.fromEntries(texts), { dryRun, done });
  const next = ['promptline check', 'promptline evaluate --limit 20'];
  return { written: done.written, kept: done.kept, imports: first.reports, next };
}

type FirstFiles = {
  readonly files: Readonly<Record<string, string>>;
  readonly reports: readonly ImportReport[];
};

/** The model of a first configuration that imports name none for. */
const WITHOUT_KEY = 'embedded/tinyllama-1.1b-chat';

const noFiles: FirstFiles = { files: {}, reports: [] };

/** The configuration with the prompts and data it names: what other tools left in the repository, else a sample. */
function firstFiles(root: string): FirstFiles {
  const { imports, unreadable } = findImports(root);
  const made = makeFamilies(imports);
  const isEmpty = Object.keys(made.families).length === 0;
  const judge = imports.find(({ models }) => models.judge !== undefined)?.models.judge;
  const task = imports.find(({ models }) => models.task !== undefined)?.models.task;
  const configuration = configurationText({
    models: { task: task ?? WITHOUT_KEY, ...(judge !== undefined && { judge }) },
    providers: Object.assign({}, ...imports.map(({ providers }) => providers)),
    families: isEmpty ? { [sampleFamily]: sampleConfiguration } : made.families,
    waiting: made.waiting,
  });
  return {
    files: { [configurationFile]: configuration, ...(isEmpty ? sampleFiles() : {}), ...made.files },
    reports: [
      ...made.reports,
      ...unreadable.map(({ file, why }) => ({ file, became: [], notes: [`left out: ${why}`] })),
    ],
  };
}
