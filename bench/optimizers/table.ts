import { meanOf, type Result } from './tournament.ts';

/** Worths, means over seeds: a line for each contestant, a column for each limit; the best of a column in bold. */
export function worthTable(results: readonly Result[], limits: readonly number[]): string {
  const contestants = contestantsOf(results);
  const bests = new Map(
    limits.map((calls) => [calls, Math.max(...contestants.map((name) => meanOf(results, name, calls)))]),
  );
  const lines = contestants.map((name) => [
    name,
    ...limits.map((calls) => {
      const worth = meanOf(results, name, calls);
      const text = worth.toFixed(3);
      return worth >= (bests.get(calls) ?? 1) - 1e-9 ? `**${text}**` : text;
    }),
    ...limits.map((calls) => asked(results, name, calls)),
  ]);
  const head = [
    'contestant',
    ...limits.map((calls) => `${calls} calls`),
    ...limits.map((calls) => `asked of ${calls}`),
  ];
  return markdown([head, ...lines]);
}

/** The first limit with which ours is as good as another contestant is with its last, and the share of its calls. */
export function catchUp(
  results: readonly Result[],
  { ours, other, limits }: { ours: string; other: string; limits: readonly number[] },
): string {
  const last = Math.max(...limits);
  const target = meanOf(results, other, last);
  const first = limits.find((calls) => meanOf(results, ours, calls) >= target);
  const reached =
    first === undefined ? `not with ${last}` : `with ${first} calls, ${Math.round((100 * first) / last)} %`;
  return `${ours} reaches the ${target.toFixed(3)} of ${other} with ${last} calls: ${reached}`;
}

export function contestantsOf(results: readonly Result[]): string[] {
  return [...new Set(results.map(({ contestant }) => contestant))];
}

/** Rows measured and questions to the proposer, means over seeds. */
function asked(results: readonly Result[], name: string, calls: number): string {
  const rows = meanOf(results, name, calls, (result) => result.rows);
  const questions = meanOf(results, name, calls, (result) => result.questions);
  return `${rows.toFixed(0)} + ${questions.toFixed(0)}`;
}

function markdown(rows: readonly (readonly string[])[]): string {
  const [head = [], ...lines] = rows;
  return [head, head.map(() => '---'), ...lines].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
