import { type Logger, logs, type Tracer, trace } from '@opentelemetry/api';
import { schemaUrl } from '../telemetry/names.ts';
import { version } from '../version.ts';

/* Asked for at each use: an application may set its providers up after it has opened its prompts. */

export function tracer(): Tracer {
  return trace.getTracerProvider().getTracer('promptline', version, { schemaUrl });
}

export function logger(): Logger {
  return logs.getLogger('promptline', version, { schemaUrl });
}
