#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
enableCompileCache();
const { cli } = await import('./bundle.js');
await cli();
