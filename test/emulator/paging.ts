import type { Call, Reply } from './call.ts';

const DEFAULT_PER_PAGE = 30;
const MAX_PER_PAGE = 100;

type Page<T> = { items: T[]; headers: Record<string, string> };

/** The page of a list that a request asks for, with the links to the others. GitHub gives at most 100 entries, whatever is asked. */
export function pageOf<T>({ query, url }: Call, all: readonly T[], most = MAX_PER_PAGE): Page<T> {
  const size = Math.min(Math.max(Number(query['per_page'] ?? DEFAULT_PER_PAGE), 1), most);
  const page = Math.max(Number(query['page'] ?? 1), 1);
  const last = Math.max(Math.ceil(all.length / size), 1);
  const link = (number: number, relation: string) => {
    const parameters = new URLSearchParams({ ...query, page: String(number) });
    return `<${url}?${parameters}>; rel="${relation}"`;
  };
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
    ...(page > 1 ? [link(1, 'first')] : []),
  ];
  return {
    items: all.slice((page - 1) * size, page * size),
    headers: links.length === 0 ? {} : { link: links.join(', ') },
  };
}

/** Answers a list page by page. */
export async function listed<T>(call: Call, all: readonly T[], view: (item: T) => unknown): Promise<Reply> {
  const { items, headers } = pageOf(call, all);
  return { status: 200, body: await Promise.all(items.map(view)), headers };
}

/** Answers a list that is wrapped with its whole length, as `{ total_count, check_runs: [...] }`. */
export async function counted<T>(
  call: Call,
  name: string,
  all: readonly T[],
  view: (item: T) => unknown,
): Promise<Reply> {
  const { items, headers } = pageOf(call, all);
  return {
    status: 200,
    body: { total_count: all.length, [name]: await Promise.all(items.map(view)) },
    headers,
  };
}
