import { findRoot } from '../config/load.ts';
import { describeError, type PromptlineError } from '../errors.ts';
import type { CheckReport } from '../reports/check-report.ts';
import { terminalText } from '../reports/hostile.ts';
import type { RunReport } from '../reports/run-report.ts';
import { renderTerminal } from '../reports/terminal.ts';
import { writeReports } from '../reports/write-reports.ts';
import type { AskingOptions, CommonOptions } from './command-options.ts';
import { openSession, type Session, shownFromHere } from './session.ts';
import type { Terminal } from './terminal.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

/** What the program needs of the process it runs in. */
export type Host = {
  readonly terminal: Terminal;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** Gets each error a command ends with or finds, for those who show it elsewhere too. */
  readonly onError?: (error: PromptlineError) => void;
  /** Gets the report that a command made, for the same. */
  readonly onReport?: (report: RunReport) => void;
  readonly onCheck?: (check: CheckReport) => void;
  /** Gets what a command without a report says in Markdown, for a job's summary. */
  readonly onSummary?: (markdown: string) => void;
  /** Gets what a command found, for those who pass it on to another step. */
  readonly onResult?: (result: Readonly<Record<string, unknown>>) => void;
};

/** What every verb is declared with. */
export type Context = {
  readonly host: Host;
  /** The command line, for reports. */
  readonly command: string;
  readonly setCode: (code: number) => void;
};

/** An error's hint stands at its end and must survive; a provider's text in it is cut before. */
export const longestError = 2_000;

/** Says what failed where the command goes on. */
export function tellProblems({ onError, terminal }: Host, problems: readonly PromptlineError[]): void {
  for (const problem of problems) {
    onError?.(problem);
    terminal.note(terminalText(describeError(problem), longestError));
  }
}

/** The repository the options name, or the one around the current folder. */
export function workspaceOf(host: Host, { root }: CommonOptions): Workspace {
  return openWorkspace(root ?? findRoot(host.cwd));
}

/** Runs `work` with the models of a repository; closes them whatever happens. */
export async function withSession(
  { terminal, environment }: Host,
  workspace: Workspace,
  { calls, tokens, usd, minutes, concurrency }: AskingOptions,
  work: (session: Session) => Promise<void>,
): Promise<void> {
  const limits = { calls, tokens, usd, minutes };
  const session = openSession(workspace, terminal, { limits, concurrency, environment });
  try {
    await work(session);
  } finally {
    await session.close();
  }
}

/** Writes the report files and shows the report. */
export function finish(
  { terminal, onReport }: Host,
  report: RunReport,
  { json }: CommonOptions,
  folder: string,
): void {
  const files = writeReports(folder, report);
  onReport?.(report);
  if (json) terminal.out(`${JSON.stringify(report)}\n`);
  else terminal.out(`${renderTerminal(report, { color: terminal.color, columns: terminal.columns })}\n`);
  const say = json ? terminal.note : (line: string) => terminal.out(`${line}\n`);
  for (const { file } of report.proposals ?? []) if (file) say(`New version  ${terminalText(file, 1_000)}`);
  say(`Report       ${shownFromHere(files.html)}`);
}
