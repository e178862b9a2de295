import type { Evaluation } from '../../telemetry/evaluation.ts';
import { appendLine } from '../../telemetry/otlp/append-line.ts';
import { logsRequestOf } from '../../telemetry/otlp/logs-request.ts';
import { sendLogs, sendToolsOf } from '../../telemetry/otlp/send-logs.ts';
import { writeToStore } from '../../telemetry/store/write-store.ts';
import { version } from '../../version.ts';
import type { Host } from '../context.ts';
import type { Destination } from './destination.ts';

/**
 * Writes an evaluation to where it goes.
 * @throws {PromptlineError} where it cannot be written, or is not taken
 */
export async function addFeedback(
  evaluation: Evaluation,
  to: Destination,
  { environment, signal }: Pick<Host, 'environment' | 'signal'>,
): Promise<void> {
  if (to.kind === 'store') return writeToStore(to.path, evaluation);
  const request = logsRequestOf(evaluation, version);
  if (to.kind === 'file') return appendLine(to.path, request);
  await sendLogs({ url: to.url, headers: headersIn(environment) }, request, sendToolsOf(signal));
}

/** Headers as every exporter of OpenTelemetry takes them: `api-key=secret,other=value`, values percent-encoded. */
function headersIn(environment: Host['environment']): Readonly<Record<string, string>> {
  const given =
    environment['OTEL_EXPORTER_OTLP_LOGS_HEADERS'] ?? environment['OTEL_EXPORTER_OTLP_HEADERS'] ?? '';
  return Object.fromEntries(
    given.split(',').flatMap((pair) => {
      const [, name, value] = /^\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
      return name === undefined || value === undefined ? [] : [[name.toLowerCase(), decoded(value)]];
    }),
  );
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
