import { context, logs, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { JsonLogsSerializer, JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { onTestFinished } from 'vitest';

/** OpenTelemetry's SDK, set up as an application does, with what it collects in memory. It ends with the test. */
export function collecting() {
  const spans = new InMemorySpanExporter();
  const records = new InMemoryLogRecordExporter();
  trace.setGlobalTracerProvider(
    new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] }),
  );
  logs.setGlobalLoggerProvider(
    new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter: records })] }),
  );
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  onTestFinished(() => {
    for (const api of [trace, logs, context]) api.disable();
  });
  return {
    spans: () => spans.getFinishedSpans(),
    events: () => records.getFinishedLogRecords(),
    /** Everything as the lines of OTLP JSON that a collector is sent. */
    otlp: () =>
      [
        JsonTraceSerializer.serializeRequest(spans.getFinishedSpans()),
        JsonLogsSerializer.serializeRequest(records.getFinishedLogRecords()),
      ].map((bytes) => new TextDecoder().decode(bytes)),
  };
}
