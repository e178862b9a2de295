import type { Tally } from '../irregularities.ts';
import type { PrometheusClient } from './client.ts';
import { seriesOf } from './series.ts';

/** What is younger is kept by every server, milliseconds. */
const SURELY_KEPT = 3_600_000;

/** What begins so much later does not count as missing, milliseconds: no server is scraped without a break. */
const USUAL_BREAK = 5 * 60_000;

/** Times that are looked at. */
const POINTS = 500;

/**
 * Names the time whose samples the server has no more, or never had: the one before the first scrape it knows of. Servers that scrape
 * nothing do not tell.
 *
 * @param from where reading begins, milliseconds since 1970
 * @throws {QueryFailure}
 */
export async function noteWhatIsNotKept(
  client: PrometheusClient,
  { from, now, tally }: { readonly from: number; readonly now: number; readonly tally: Tally },
): Promise<void> {
  if (now - from < SURELY_KEPT) return;
  const step = Math.ceil((now - from) / POINTS);
  const result = await client.queryRange('group(up)', { from, until: now, step });
  const [first] = seriesOf(result, { from: now, tally })[0]?.samples ?? [];
  if (first === undefined || first.at <= from + Math.max(step, USUAL_BREAK)) return;
  const [begin, end] = [new Date(from).toISOString(), new Date(first.at).toISOString()];
  tally.add('not kept', `the server has nothing of ${begin} to about ${end}: its retention is shorter`);
}
