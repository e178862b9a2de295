import { type Command, InvalidArgumentError } from 'commander';
import { duration, millisecondsOf } from '../../config/duration.ts';
import { checkoutOf } from '../../host/checkout.ts';
import { describeHarvest, describeMeasuring, describeRanking } from '../../reports/harvest.ts';
import { terminalText } from '../../reports/hostile.ts';
import { countOf } from '../../reports/numbers.ts';
import { describeIrregularity } from '../../telemetry/irregularities.ts';
import { atLeastOne, type CommonOptions, examples, option, withCommonOptions } from '../command-options.ts';
import { type Context, longestError, workspaceOf } from '../context.ts';
import { type HarvestedFamily, harvestFamilies } from '../harvest/harvest.ts';
import { type Production, planReading, readProduction } from '../harvest/read-production.ts';
import { openRepositoryHost } from '../repository-host.ts';

type HarvestVerbOptions = CommonOptions & { since: string; limit: number; dryRun?: boolean };

/** More would not fit the body of a pull request, and nobody would read them. */
const MOST_ROWS = 2_000;

/** `promptline harvest`. */
export function addHarvest(program: Command, { host, command }: Context): void {
  withCommonOptions(program.command('harvest'))
    .description('propose rows for the datasets from what production was asked, personal data taken out')
    .argument('[family...]', 'families; default: all that production called')
    .addOption(
      option('--since <time>', 'of the last time, as 7d, or since a day, as 2026-01-31')
        .argParser(since)
        .default('7d'),
    )
    .addOption(
      option('--limit <n>', 'at most this many rows in a pull request').argParser(rowLimit).default(100),
    )
    .option('--dry-run', 'tell what would be proposed; write nothing and ask nobody')
    .addHelpText(
      'after',
      `${examples(
        'promptline harvest --dry-run',
        'promptline harvest query_processing --since 30d --limit 50',
        'promptline harvest --json',
      )}\n
Reads \`telemetry.sources\` of promptline.yaml, where the application recorded texts (\`recordText\`).
Opens or refreshes one pull request for each family; needs GITHUB_TOKEN with contents and pull-requests: write.
Personal data that is not found stays in: a person must read every row before the merge.`,
    )
    .action(async (families: string[], options: HarvestVerbOptions) => {
      const workspace = workspaceOf(host, options);
      const now = host.terminal.now();
      const reading = planReading(workspace, families, host.environment);
      const github = options.dryRun ? null : await openRepositoryHost(host, workspace.root);
      const production = await readProduction(workspace, reading, {
        since: beginOf(options.since, now),
        now,
      });
      // Nothing else needs what it loads.
      const { openRedaction } = await import('../../redaction/redactor.ts');
      const result = await harvestFamilies(workspace, github, production.candidates, {
        limit: options.limit,
        top: await checkoutOf(workspace.root),
        redact: await openRedaction(workspace.configuration.harvest.redact),
        command,
      });
      const harvested = result.families.map(documentOf);
      host.onResult?.({ harvested, versions: production.rankings });
      if (options.json)
        host.terminal.out(
          `${JSON.stringify({ schema: 1, command: 'harvest', calls: production.calls, withoutText: production.withoutText, harvested, versions: production.rankings })}\n`,
        );
      else for (const line of linesOf(result.families, production)) host.terminal.out(`${line}\n`);
      for (const record of production.irregularities.map(describeIrregularity))
        host.terminal.note(terminalText(record, longestError));
      const [first, ...others] = result.failures;
      if (first) throw first.withAlso(others);
    });
}

/** What others build on; no text of a row is in it. */
function documentOf({ family, rows, harvest, places, published }: HarvestedFamily) {
  const { chosen, redacted, candidates, left } = harvest;
  return {
    family,
    outcome: published?.outcome ?? null,
    url: published?.url ?? null,
    why: published?.why ?? null,
    rows: rows.length,
    labelled: rows.filter(({ hasReference }) => hasReference).length,
    files: places,
    ...{ candidates, chosen, redacted, left },
  };
}

function linesOf(
  families: readonly HarvestedFamily[],
  { calls, withoutText, passedOver, rankings }: Production,
): string[] {
  const unread = withoutText === 0 ? '' : `, ${countOf(withoutText, 'call')} without text`;
  const beyond =
    passedOver === 0 ? '' : `, ${countOf(passedOver, 'call')} with inputs beyond those that are looked at`;
  return [
    `${countOf(calls, 'call')} of production${unread}${beyond}`,
    ...families.flatMap((each) => [...describeHarvest(each), ...outcomeOf(each)]),
    ...rankings.flatMap(describeRanking),
    ...describeMeasuring(rankings),
  ];
}

function outcomeOf({ published }: HarvestedFamily): string[] {
  if (published === null) return ['  dry run: nothing was proposed'];
  const { outcome, url, why } = published;
  const words = [`  ${outcome}`, url, why === null ? null : terminalText(why, 600)];
  return [words.filter((word) => word !== null).join('  ')];
}

function since(text: string): string {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
  if (duration.safeParse(text).success || isDay) return text;
  throw new InvalidArgumentError('Give a time, as 7d, or a day, as 2026-01-31.');
}

function beginOf(text: string, now: number): number {
  return duration.safeParse(text).success ? now - millisecondsOf(text) : Date.parse(`${text}T00:00:00Z`);
}

function rowLimit(text: string): number {
  const limit = atLeastOne(text);
  if (limit > MOST_ROWS) throw new InvalidArgumentError(`Give at most ${MOST_ROWS}.`);
  return limit;
}
