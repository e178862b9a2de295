import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files whose tests wait long: begun last, they would run alone at the end. */
const long =
  /\/(?:[\w-]*kills?|release|watch|[\w-]*error-rates|embedded-model|hostile-answers|(?:better|worse)-version)\.test\.ts$/;

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => Number(long.test(b.moduleId)) - Number(long.test(a.moduleId)));
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'src/**/*.test.ts'],
    globalSetup: ['test/emulator/tally.ts'],
    setupFiles: ['test/property-seed.ts'],
    // Against hanging, not against slowness: a busy machine must not fail a test.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // Many tests wait for a server, GitHub's client or a child process: more of them than processors run at once.
    maxWorkers: 5,
    isolate: false,
    sequence: { sequencer: LongFirst },
    // GitHub's language service imports JSON without saying so, which Node refuses and Vite does not.
    server: { deps: { inline: [/@actions\//] } },
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/**/*.test.ts'],
      reporter: ['text-summary', 'text'],
    },
  },
});
