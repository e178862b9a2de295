#!/usr/bin/env node
import { cli } from './bundle.ts';

await cli();
