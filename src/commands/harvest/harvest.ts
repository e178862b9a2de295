import type { LooseExample } from '../../datasets/append-rows.ts';
import { PromptlineError } from '../../errors.ts';
import { PermissionError, type RepositoryHost } from '../../host/repository-host.ts';
import { promptId } from '../../prompts/load.ts';
import type { Prompt } from '../../prompts/prompt.ts';
import type { Redact } from '../../redaction/redactor.ts';
import { type HarvestReport, harvestBody, harvestTitle } from '../../reports/harvest.ts';
import type { Candidate } from '../../telemetry/harvest/candidates.ts';
import { knownFields } from '../../telemetry/harvest/fit.ts';
import { selectRows } from '../../telemetry/harvest/select.ts';
import { attempt } from '../attempt.ts';
import { decide } from '../propose/decide.ts';
import { type Published, publish, withdraw } from '../propose/publish.ts';
import { loadSplit, loadTask, selectPromptFiles, splitPath, type Workspace } from '../workspace.ts';
import {
  digestOf,
  type FamilyPlaces,
  type FamilyTexts,
  localTexts,
  placesOf,
  rowsIn,
  withRows,
} from './family-files.ts';
import { branchOf, type HarvestStanding, standingOf } from './standing.ts';

export type HarvestOptions = {
  /** The most rows of a pull request. */
  readonly limit: number;
  /** Absolute folder of the repository's checkout, around the workspace's. */
  readonly top: string;
  readonly redact: Redact;
  /** The command line, for who wants to repeat it. */
  readonly command: string;
};

/** What became of one family. */
export type HarvestedFamily = HarvestReport & {
  /** Null for a dry run. */
  readonly published: Published | null;
};

/** What was done, and the failures of those families that are not in it. */
export type HarvestResult = {
  readonly families: readonly HarvestedFamily[];
  readonly failures: readonly PromptlineError[];
};

/**
 * Proposes rows made of what production was asked, a pull request for each family. May be run again after any failure.
 * @param host null for a dry run, which looks at the files that are here
 */
export async function harvestFamilies(
  workspace: Workspace,
  host: RepositoryHost | null,
  candidates: ReadonlyMap<string, readonly Candidate[]>,
  options: HarvestOptions,
): Promise<HarvestResult> {
  const families: HarvestedFamily[] = [];
  const failures: PromptlineError[] = [];
  for (const [family, found] of candidates) {
    try {
      families.push(await harvestFamily(workspace, host, { family, candidates: found, options }));
    } catch (error) {
      if (!(error instanceof PromptlineError)) throw error;
      failures.push(error);
      // What the token may not do for one, it may not do for the next.
      if (error instanceof PermissionError) break;
    }
  }
  return { families, failures };
}

type Job = {
  readonly family: string;
  readonly candidates: readonly Candidate[];
  readonly options: HarvestOptions;
};

async function harvestFamily(
  workspace: Workspace,
  host: RepositoryHost | null,
  job: Job,
): Promise<HarvestedFamily> {
  const { places, absolute } = placesOf(workspace, job.family, job.options.top);
  const standing = host && (await standingOf(host, job.family, places));
  const texts = standing?.texts ?? localTexts(absolute, places);
  const { report, rows } = selectFor(workspace, job, { places, texts, standing });
  if (!host || !standing) return { ...report, published: null };
  const files = withRows(texts, places, rows);
  const content = digestOf(files);
  const mark = files.length === 0 ? null : { inputs: content, content };
  const step = decide(standing.standing, mark, 'the datasets have all of its rows');
  if (step.do !== 'propose' || mark === null) {
    const nothing = { outcome: 'left', url: null, why: 'there is nothing new' } as const;
    const isQuiet = step.do === 'propose' || (mark === null && step.do === 'leave' && step.open === null);
    return { ...report, published: isQuiet ? nothing : await withdraw(host, step) };
  }
  const title = harvestTitle(report);
  const { command } = job.options;
  const published = await publish(host, {
    ...{ step, mark, files, title },
    standing: standing.standing,
    branch: branchOf(job.family),
    reason: 'Personal data was taken out as far as it was found. Read every row before the merge.',
    body: (startsWorkflows) => harvestBody(report, { ...mark, command, startsWorkflows }),
  });
  return { ...report, published };
}

type Ground = {
  readonly places: FamilyPlaces;
  readonly texts: FamilyTexts;
  readonly standing: HarvestStanding | null;
};

/** The rows of a family's pull request: those it has, then new ones. */
function selectFor(
  workspace: Workspace,
  { family, candidates, options }: Job,
  { places, texts, standing }: Ground,
): { readonly report: HarvestReport; readonly rows: readonly LooseExample[] } {
  const { train, unlabelled } = rowsIn(texts, places);
  // By today's rules: one that was added since takes out what it names of earlier rows, too.
  const open = (standing?.open ?? []).map((row) => redactedAgain(row, options.redact));
  const { prompts, measured } = familyOf(workspace, family);
  const existing = [...train, ...unlabelled, ...measured, ...open];
  const harvest = selectRows(candidates, {
    ...{ prompts, existing, redact: options.redact },
    train: [...train, ...open.filter(({ expected }) => expected !== undefined)],
    fields: knownFields(prompts, existing),
    declined: standing?.decided ?? new Set(),
    limit: Math.max(0, options.limit - open.length),
  });
  const rows = [...open, ...harvest.rows];
  const shown = rows.map(({ id, expected }) => ({ id, hasReference: expected !== undefined }));
  return { report: { family, rows: shown, harvest, places }, rows };
}

function redactedAgain(row: LooseExample, redact: Redact): LooseExample {
  const { values } = redact([row.input, row.expected]);
  const [input, expected] = values.map((value) => Object.fromEntries(Object.entries(value ?? {})));
  return { ...row, ...(input && { input }), ...(row.expected && expected && { expected }) };
}

/**
 * A family's prompts, and the rows of the splits that nothing is added to.
 * @throws {PromptlineError} for one that cannot be read: its rows could come back as training data
 */
function familyOf(
  workspace: Workspace,
  family: string,
): { readonly prompts: readonly Prompt[]; readonly measured: readonly LooseExample[] } {
  const tasks = selectPromptFiles(workspace, [])
    .filter((file) => promptId(workspace.root, file).startsWith(`${family}/`))
    .map((file) => loadTask(workspace, file));
  const measured = tasks.slice(0, 1).flatMap((task) =>
    (['dev', 'test'] as const).flatMap((split) => {
      const place = attempt(() => splitPath(workspace.root, task.family, split, family));
      return 'value' in place ? loadSplit(workspace, task, split).examples : [];
    }),
  );
  return { prompts: tasks.map(({ prompt }) => prompt), measured };
}
