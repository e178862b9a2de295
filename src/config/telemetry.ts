import { z } from 'zod';
import { duration } from './duration.ts';
import { prometheusSourceSchema } from './prometheus.ts';

const source = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z
        .literal('otlp-file')
        .describe("OTLP as JSON lines, as the file exporter of OpenTelemetry's collector writes it."),
      path: z
        .string()
        .min(1)
        .describe(
          'A file with its rotated and gzipped ones, a folder, or a pattern; absolute, or relative to promptline.yaml.',
        ),
    }),
    prometheusSourceSchema,
  ])
  .describe('Where telemetry comes from.');

/** `telemetry:` of promptline.yaml. */
export const telemetryConfigSchema = z.strictObject({
  sources: z.array(source).default([]).describe('Where `watch` reads what users do.'),
  joinWindow: duration
    .default('15m')
    .describe(
      'How long after a call its evaluations and feedback count. The metric `feedback` is known that much later.',
    ),
});
