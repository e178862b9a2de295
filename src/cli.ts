#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// The bundle is compiled once on a machine, not at each start. It must be loaded after this, so not by a static import.
enableCompileCache();
const { cli } = await import('./bundle.ts');
await cli();
