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
    z.strictObject({
      type: z.literal('store').describe('A file of SQLite, to which `feedback add` writes.'),
      path: z
        .string()
        .min(1)
        .describe('Absolute, or relative to promptline.yaml. It is made when it is first written to.'),
    }),
    z.strictObject({
      type: z
        .literal('postgres')
        .describe(
          'A table of Postgres with the columns of schemas/telemetry.postgres.sql, or a view of them.',
        ),
      urlEnv: z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable, not the URL itself')
        .describe('Environment variable that holds the URL, as postgres://user:password@host/database.'),
      table: z
        .string()
        .regex(/^[^.\0]+(\.[^.\0]+)?$/, 'must be a name, or a schema and a name with a dot between them')
        .default('promptline_events')
        .describe('Name of the table or view, as `events` or `schema.events`.'),
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
