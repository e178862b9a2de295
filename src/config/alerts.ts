import { z } from 'zod';

/** `alerts:` of promptline.yaml. */
export const alertsConfigSchema = z
  .array(
    z
      .discriminatedUnion('type', [
        z.strictObject({
          type: z
            .literal('slack')
            .describe("A webhook that takes Slack's format: Slack, Mattermost, Discord's /slack."),
          urlEnv: z
            .string()
            .regex(/^[A-Za-z_]\w*$/, 'must be the name of an environment variable')
            .describe('The environment variable that holds its address, which is a secret.'),
        }),
        z.strictObject({
          type: z
            .literal('issue')
            .describe(
              'An issue on GitHub for a rollout that is held. A revert, and what `status --alert` tells, have one in any case.',
            ),
        }),
      ])
      .describe('Who is told when a rollout is held or reverted, and of what `status --alert` finds.'),
  )
  .default([])
  .describe('Who is told when a rollout is held or reverted, and of what `status --alert` finds.');

export type AlertConfiguration = z.output<typeof alertsConfigSchema>[number];
