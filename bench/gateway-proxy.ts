import { mkdtempSync } from 'node:fs';
import { Agent, createServer, type IncomingHttpHeaders, request as send } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGateway } from '../dist/gateway.js';
import { startSdk } from './telemetry.ts';

/** A proxy in its own process: the local gateway with everything on, or a bare pass-through on node:http. */

const [kind = 'bare', origin = '', token = ''] = process.argv.slice(2);

async function listenGateway(): Promise<number> {
  startSdk();
  const recordFile = join(mkdtempSync(join(tmpdir(), 'bench-gateway-')), 'records.jsonl');
  const { port } = await startGateway({
    token,
    apiKey: 'made-up-key-of-the-bench',
    baseURL: `${origin}/v1`,
    port: 0,
    recordFile,
    logLevel: 'off',
  });
  return port;
}

function withoutHop({ host: _host, connection: _connection, ...headers }: IncomingHttpHeaders): IncomingHttpHeaders {
  return headers;
}

async function listenBare(): Promise<number> {
  const { hostname, port, pathname } = new URL(origin);
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 1_024 });
  const server = createServer({ noDelay: true, keepAliveTimeout: 120_000 }, (incoming, outgoing) => {
    const path = `${pathname === '/' ? '' : pathname}${incoming.url}`;
    const upstream = send(
      { hostname, port, path, method: incoming.method, headers: withoutHop(incoming.headers), agent },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, withoutHop(answer.headers));
        answer.pipe(outgoing);
      },
    );
    incoming.pipe(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

// Exits normally, so that Node writes a profile.
process.once('disconnect', () => process.exit());
let before = process.cpuUsage();
process.on('message', () => {
  const { user, system } = process.cpuUsage(before);
  before = process.cpuUsage();
  process.send?.({ cpuUs: user + system });
});
process.send?.({ port: kind === 'bare' ? await listenBare() : await listenGateway() });
