import type { PrometheusConfiguration } from '../../config/prometheus.ts';
import { inputError } from '../../errors.ts';
import type { CounterSource } from '../counter-source.ts';
import { openClient, type ServerAddress } from './client.ts';
import { openCounters } from './counters.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Milliseconds for one answer: questions are small, and the next look asks again. */
const ANSWER_WITHIN = 15_000;

/**
 * The metrics that a server of Prometheus counts.
 *
 * @throws {PromptlineError} where the secret that the configuration names is not set
 */
export function openPrometheus(
  source: PrometheusConfiguration,
  environment: Environment,
  timeout = ANSWER_WITHIN,
): readonly CounterSource[] {
  const client = openClient({
    url: source.url,
    authorization: authorizationOf(source, environment),
    timeout,
  });
  return Object.entries(source.metrics).map(([metric, counter]) =>
    openCounters(client, { metric, counter, source }),
  );
}

function authorizationOf(
  { tokenEnv, basicAuthEnv }: PrometheusConfiguration,
  environment: Environment,
): ServerAddress['authorization'] {
  if (tokenEnv !== undefined) {
    const token = secretOf(tokenEnv, environment);
    return { header: `Bearer ${token}`, secrets: [token] };
  }
  if (basicAuthEnv === undefined) return null;
  const pair = secretOf(basicAuthEnv, environment);
  const colon = pair.indexOf(':');
  if (colon < 0) throw inputError(`${basicAuthEnv} does not hold \`name:password\``, 'Set it so');
  const encoded = Buffer.from(pair).toString('base64');
  return { header: `Basic ${encoded}`, secrets: [encoded, pair, pair.slice(colon + 1)] };
}

function secretOf(name: string, environment: Environment): string {
  // A line break would end the header.
  const secret = environment[name]?.trim();
  if (secret) return secret;
  throw inputError(`${name} is not set, so Prometheus cannot be asked`, 'Set it to the secret', {
    file: 'promptline.yaml',
  });
}
