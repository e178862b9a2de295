import { DefaultLogger } from '@openfeature/core';
import { MemoryStorage } from '@openfeature/flagd-core';
import { PromptlineError } from '../errors.ts';

/**
 * Refuses what flagd's published JSON schema refuses, which its readers do not: they take decimal weights and mixed variants and give
 * everybody the default. To be asked before a manifest is published; the schema is the one that flagd-core carries.
 *
 * @param text of the manifest. Throws a PromptlineError with flagd's words.
 */
export function validateManifest(text: string): void {
  try {
    new MemoryStorage(new DefaultLogger()).setConfigurations(text, true);
  } catch (cause) {
    throw new PromptlineError(
      'input',
      `the manifest does not follow flagd's schema: ${cause instanceof Error ? cause.message : String(cause)}`,
      { hint: 'Nothing was published; what was served before still is', cause },
    );
  }
}
