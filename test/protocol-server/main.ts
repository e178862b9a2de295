/** `node test/protocol-server/main.ts --port 0 --latency 50 --script FILE`: prints `{"port": N}` and serves until killed. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type ScriptInput, scriptSchema } from './script.ts';
import { startProtocolServer } from './server.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    latency: { type: 'string' },
    script: { type: 'string' },
  },
});
const script: ScriptInput = values.script
  ? scriptSchema.parse(JSON.parse(readFileSync(values.script, 'utf8')))
  : {};
const latency = values.latency === undefined ? {} : { latencyMs: Number(values.latency) };
const server = await startProtocolServer({ ...script, ...latency }, Number(values.port));
process.stdout.write(`${JSON.stringify({ port: server.port, address: server.address })}\n`);
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => void server.close());
