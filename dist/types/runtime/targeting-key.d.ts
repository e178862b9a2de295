/**
 * What a user is called outside the application: the SHA-256 of the id, in hex. It is the targeting key for OpenFeature and the
 * `feature_flag.context.id` in telemetry.
 *
 * @example
 * const variant = await client.getObjectValue('prompt.query_processing/default', {}, { targetingKey: targetingKeyOf(userId) });
 */
export declare function targetingKeyOf(user: string): string;
