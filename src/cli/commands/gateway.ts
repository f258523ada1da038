import type { Command } from 'commander';
import { startGateway } from '../../gateway/start-gateway';
import { exportLines, genericSettings } from '../agents/agent-settings';
import { stderrLogger } from '../agents/buffered-logger';
import {
  addGatewayFlags,
  type GatewayFlags,
  listenSettings,
  sharedSettings,
  startProblem,
  tokenOf,
} from '../agents/gateway-flags';
import { reportRuns } from '../agents/report-runs';
import { startExporting } from '../agents/start-exporting';
import { untilSignal } from '../agents/until-signal';
import { commandAction, type Invocation, type Shell } from '../command-action';

const HELP = `
The local gateway sends requests to CometAPI with COMETAPI_API_KEY; COMETAPI_BASE_URL selects another server. Agents
never see that key: they send the token of the local gateway. Without a token, the command creates one and shows it
once, with settings to paste.

Examples:
  cometapi-otel gateway
  cometapi-otel gateway --port 0 --token-file gateway.token --record-file records.jsonl
  cometapi-otel evidence trace --from records.jsonl --run RUN_ID

After SIGTERM or SIGINT the local gateway accepts no new requests. It waits up to 5 seconds for open requests, writes
the records and exports telemetry. The exit code is 143 or 130.`;

export function registerGateway(program: Command, shell: Shell): void {
  const gateway = program
    .command('gateway')
    .description('run a local gateway between coding agents and CometAPI that traces every request');
  addGatewayFlags(gateway).addHelpText('after', HELP).action(commandAction<GatewayFlags>(shell, serve));
}

async function serve({ options, host, output }: Invocation<GatewayFlags>): Promise<number> {
  const { port, host: address } = listenSettings(options, host);
  const { token, isFresh } = await tokenOf(options, host);
  const telemetry = startExporting(host);
  const settings = sharedSettings(options, host);
  const gateway = await startGateway({
    ...settings,
    token,
    port,
    host: address,
    logger: stderrLogger(host),
  }).catch((error: unknown) => {
    throw startProblem(error, port);
  });
  const ended = untilSignal();
  const toPaste = isFresh ? genericSettings(gateway.baseURL, token) : {};
  if (output.json) {
    await output.object({ listening: gateway.baseURL, addresses: gateway.addresses, settings: toPaste });
  } else {
    await output.result(`listening ${gateway.baseURL}\n${exportLines(toPaste)}`);
  }
  const exitCode = await ended;
  await gateway.close();
  await reportRuns(gateway, options, settings.recordFile, output);
  await telemetry?.shutdown();
  return exitCode;
}
