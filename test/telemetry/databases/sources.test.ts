import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { describe } from 'vitest';
import { openOtlpFiles } from '../../../src/telemetry/otlp/files.ts';
import { openStore } from '../../../src/telemetry/store/read-store.ts';
import { scratchFolder } from '../../files/scratch.ts';
import { itIsASource } from './contract.ts';
import { asLine, insertIntoStore } from './event-rows.ts';

describe('files of OTLP', () => {
  itIsASource(async () => {
    const folder = scratchFolder();
    return {
      open: () => openOtlpFiles(folder, 'telemetry.jsonl'),
      write: async (rows) => appendFileSync(path.join(folder, 'telemetry.jsonl'), rows.map(asLine).join('')),
    };
  });
});

describe('the store', () => {
  itIsASource(async () => {
    const folder = scratchFolder();
    return {
      open: () => openStore(folder, 'telemetry.db'),
      write: async (rows) => insertIntoStore(path.join(folder, 'telemetry.db'), rows),
    };
  });
});
