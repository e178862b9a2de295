import { z } from 'zod';
import { post } from '../../models/http.ts';
import { providerText, RequestFailure } from '../../models/request-failure.ts';
import type { IrregularityKind } from '../irregularities.ts';

/** How a server is asked. */
export type ServerAddress = {
  /** What comes before `/api/v1`. */
  readonly url: string;
  /** The value of the header, and what of it must not be shown. */
  readonly authorization: { readonly header: string; readonly secrets: readonly string[] } | null;
  /** Milliseconds for one answer. */
  readonly timeout: number;
};

/** One result of the server: elements of a `matrix` or a `vector`, as they came. */
export type PrometheusClient = {
  /**
   * @param at milliseconds since 1970
   * @throws {QueryFailure}
   */
  query(promql: string, at: number): Promise<readonly unknown[]>;
  /** @throws {QueryFailure} */
  queryRange(
    promql: string,
    range: { readonly from: number; readonly until: number; readonly step: number },
  ): Promise<readonly unknown[]>;
};

/** A question without a whole answer; its message is safe to show. */
export class QueryFailure extends Error {
  override name = 'QueryFailure';
  readonly kind: IrregularityKind;

  constructor(kind: IrregularityKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

const answerSchema = z.object({
  status: z.literal('success'),
  data: z.object({ resultType: z.enum(['matrix', 'vector']), result: z.array(z.unknown()) }),
  warnings: z.array(z.string()).nullish(),
});

/** The HTTP API of Prometheus, and of others that speak it. Redirects are not followed. */
export function openClient({ url, authorization, timeout }: ServerAddress): PrometheusClient {
  const secrets = authorization?.secrets ?? [];
  return {
    query: (promql, at) => ask('query', { query: promql, time: secondsOf(at) }),
    queryRange: (promql, { from, until, step }) =>
      ask('query_range', {
        query: promql,
        start: secondsOf(from),
        end: secondsOf(until),
        step: secondsOf(step),
      }),
  };

  async function ask(
    path: string,
    parameters: Readonly<Record<string, string>>,
  ): Promise<readonly unknown[]> {
    const { data, warnings } = read(await send(path, parameters));
    // Part of the data is missing, and would be passed over for good.
    if (warnings && warnings.length > 0)
      throw new QueryFailure('incomplete', `the server warns: ${providerText(warnings.join('; '), secrets)}`);
    return data.result;
  }

  async function send(path: string, parameters: Readonly<Record<string, string>>): Promise<string> {
    const signal = AbortSignal.timeout(timeout);
    try {
      return await post(addressOf(url, path), {
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          ...(authorization && { authorization: authorization.header }),
        },
        body: new URLSearchParams(parameters).toString(),
        secret: secrets,
        signal,
      });
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      if (signal.aborted) throw new QueryFailure('unanswered', `no answer within ${timeout / 1000} s`);
      const status = error.status === undefined ? '' : `HTTP ${error.status}: `;
      throw new QueryFailure('unanswered', `${status}${error.message}`);
    }
  }
}

function read(body: string): z.output<typeof answerSchema> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new QueryFailure('malformed', 'the answer is not JSON');
  }
  const { data } = answerSchema.safeParse(value);
  if (!data) throw new QueryFailure('malformed', 'the answer is none of Prometheus');
  return data;
}

function addressOf(base: string, path: string): string {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/api/v1/${path}`;
  return url.href;
}

function secondsOf(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}
