import { appendFileSync } from 'node:fs';
import { context, logs, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { JsonLogsSerializer, JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

/**
 * OpenTelemetry's SDK with its own batches, each a line of OTLP JSON in a file, as the collector's file exporter writes those that it is
 * sent.
 */
export function exportingTo(file: string) {
  const spans = new BatchSpanProcessor({ exporter: exporter(file, JsonTraceSerializer.serializeRequest) });
  const records = new BatchLogRecordProcessor({
    exporter: exporter(file, JsonLogsSerializer.serializeRequest),
  });
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [spans] }));
  logs.setGlobalLoggerProvider(new LoggerProvider({ processors: [records] }));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  return {
    /** Writes what waits for its batch. */
    flush: async () => void (await Promise.all([spans.forceFlush(), records.forceFlush()])),
    /** Whoever comes next may set up an SDK of its own. */
    end() {
      for (const api of [trace, logs, context]) api.disable();
    },
  };
}

function exporter<Item>(file: string, serialize: (items: Item[]) => Uint8Array | undefined) {
  return {
    export(items: Item[], done: (result: { code: 0 }) => void) {
      appendFileSync(file, `${new TextDecoder().decode(serialize(items))}\n`);
      done({ code: 0 });
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}
