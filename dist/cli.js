#!/usr/bin/env node
import * as modules from 'node:module';
const LEAST_NODE = 24;
if (Number.parseInt(process.versions.node, 10) < LEAST_NODE) {
    process.stderr.write(`promptline needs Node ${LEAST_NODE} or newer, and this is ${process.version}.\n`);
    process.exit(2);
}
modules.enableCompileCache();
const { cli } = await import('./bundle.js');
await cli();
