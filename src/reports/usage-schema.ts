import { z } from 'zod';
import type { Usage } from '../models/usage.ts';

const ofOneModel = {
  calls: z.number(),
  cached: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  usd: z.number().nullable(),
  retries: z.number(),
};

/** By model, where several answered as one. */
export const membersSchema = z.record(z.string(), z.object(ofOneModel));

/** Usage as report.json and results files hold it. */
export const usageSchema = z.object({
  ...ofOneModel,
  members: membersSchema.exactOptional(),
}) satisfies z.ZodType<Usage>;
