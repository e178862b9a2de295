import { z } from 'zod';
import { duration } from './duration.ts';

/** `triggers:` of promptline.yaml. */
export const triggersConfigSchema = z.strictObject({
  drop: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.15)
    .describe('A metric of production that fell by this share of its baseline makes a prompt due.'),
  confidence: z
    .number()
    .gt(0.5)
    .lt(1)
    .default(0.95)
    .describe('How sure it must be that the metric fell at all.'),
  feedback: z
    .strictObject({
      items: z.int().min(1).default(50).describe('The least number of feedback items.'),
      below: z.number().gt(0).max(1).default(0.5).describe('Their mean, from 0 to 1, that makes it due.'),
    })
    .prefault({})
    .describe('What users said of the version in the repository, within the time that monitoring reads.'),
  schedule: z
    .union([duration, z.literal('never')])
    .default('24h')
    .describe(
      'A prompt is due so long after it was last measured for its scorebook or proposed, whatever happened.',
    ),
  inputShift: z.boolean().default(true).describe('Whether it is due when inputs became others.'),
  modelDrift: z.boolean().default(true).describe('Whether it is due when its model became another.'),
  cooldown: duration
    .default('24h')
    .describe(
      'So long after it was last measured or proposed a prompt is due only when somebody asks for it, or its files changed.',
    ),
  atOnce: z.int().min(1).max(256).default(3).describe('Families that are optimized at once.'),
  timeLimit: duration
    .default('5m')
    .describe('For reading telemetry. What it would have shown is left out where it takes longer.'),
});
