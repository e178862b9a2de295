#!/usr/bin/env node
import * as modules from 'node:module';

const LEAST_NODE = 24;

// An older Node fails in words of its own, at the first thing it lacks.
if (Number.parseInt(process.versions.node, 10) < LEAST_NODE) {
  process.stderr.write(`promptline needs Node ${LEAST_NODE} or newer, and this is ${process.version}.\n`);
  process.exit(2);
}
// The bundle is compiled once on a machine, not at each start. It must be loaded after this, so not by a static import.
modules.enableCompileCache();
const { cli } = await import('./bundle.ts');
await cli();
