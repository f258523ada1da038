import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CallFacts } from 'cometapi-otel';
import type { Command } from 'commander';
import { generateToken } from '../../gateway/local-token';
import { newRunId } from '../../gateway/run-scope';
import { type RunningGateway, startGateway } from '../../gateway/start-gateway';
import { usageError } from '../cli-error';
import type { CliHost } from '../cli-host';
import { commandAction, type Invocation, type Shell } from '../command-action';
import { fileProblem } from '../file-problem';
import { agentEnvironment } from '../serving/agent-environment';
import { exportLines, genericSettings, shellWord } from '../serving/agent-settings';
import { type FoundRecipe, findRecipe, KNOWN_AGENTS, modelOf } from '../serving/find-recipe';
import { addSharedGatewayFlags, type SharedGatewayFlags, sharedSettings, startProblem } from '../serving/gateway-flags';
import { heldLogger } from '../serving/quiet-logger';
import { type AgentStart, TOKEN_VARIABLE } from '../serving/recipes/recipe';
import { runAgent } from '../serving/run-agent';
import { smokeFirst } from '../serving/smoke-first';
import { startExporting } from '../serving/start-exporting';
import { tellRuns } from '../serving/tell-runs';
import { createTemporaryFolder, type TemporaryFolder } from '../serving/temporary-folder';
import { untilSignal } from '../serving/until-signal';

interface RunFlags extends SharedGatewayFlags {
  readonly smokeFirst?: true | undefined;
  readonly model?: string | undefined;
  readonly printEnv?: true | undefined;
}

const HELP = `
Known agents: ${KNOWN_AGENTS}. For others, --print-env starts the gateway and prints what to set.
The agent gets this terminal, and its exit code is the exit code. Your own configuration of it stays as it is: it is led
by command-line overrides, variables and temporary files. It never sees COMETAPI_API_KEY.

Examples:
  cometapi-otel run -- codex exec "Summarise this repository."
  cometapi-otel run --smoke-first --model gpt-5.1 -- opencode run "Summarise this repository."
  cometapi-otel run --note "after the upgrade" -- pi --model gpt-5.1 -p "Summarise this repository."
  cometapi-otel run --print-env`;

export function registerRun(program: Command, shell: Shell): void {
  const run = program
    .command('run')
    .argument('[agent...]', 'behind --: the agent and its own arguments')
    .description('runs a coding agent behind a gateway of its own, and files what it did');
  addSharedGatewayFlags(run)
    .option('--model <id>', 'the model the agent is to use, where its own arguments name none')
    .option('--smoke-first', 'one controlled request first; the agent is not started unless it passes')
    .option('--print-env', 'starts no agent: prints what to set, and serves until Ctrl-C')
    .addHelpText('after', HELP)
    .action(commandAction<RunFlags>(shell, runBehindGateway));
}

/** A gateway for one run. */
interface Session {
  readonly invocation: Invocation<RunFlags>;
  readonly gateway: RunningGateway;
  readonly token: string;
  readonly recordFile: string;
  readonly lastCall: () => CallFacts | undefined;
}

async function runBehindGateway(invocation: Invocation<RunFlags>): Promise<number> {
  const { options, operands, host } = invocation;
  const found = findRecipe(operands);
  const model = found && modelOf(options.model, found, host.environment);
  refuse(invocation, found, model);

  const settings = sharedSettings(options, host);
  const runId = settings.runId ?? newRunId(host.now());
  const recordFile = settings.recordFile ?? (await defaultRecordFile(runId, host));
  const token = generateToken();
  const logger = heldLogger(host);
  const telemetry = startExporting(host);
  let lastCall: CallFacts | undefined;
  const gateway = await startGateway({
    maxAttempts: settings.maxAttempts,
    runId,
    recordFile,
    token,
    port: 0,
    logger,
    agent: found?.recipe.agent,
    observers: [
      {
        callClosed(facts) {
          lastCall = facts;
        },
      },
    ],
  }).catch((error: unknown) => {
    throw startProblem(error, 0);
  });

  const session: Session = { invocation, gateway, token, recordFile, lastCall: () => lastCall };
  try {
    const exitCode =
      found === undefined || options.printEnv === true
        ? await printAndServe(session, found, model)
        : await smokeAndRun(session, found, model);
    await gateway.close({ drainMs: 0 });
    logger.release();
    await file(session);
    return exitCode;
  } finally {
    await gateway.close({ drainMs: 0 });
    await telemetry?.shutdown();
  }
}

/** @throws CliError (64) for what cannot start */
function refuse(
  { options, operands }: Invocation<RunFlags>,
  found: FoundRecipe | undefined,
  model: string | undefined,
): void {
  if (operands.length === 0 && options.printEnv !== true) {
    throw usageError('run needs an agent behind --, for example: cometapi-otel run -- codex exec "…"');
  }
  if (found === undefined && options.printEnv !== true) {
    throw usageError(`run knows these agents: ${KNOWN_AGENTS}. For others: cometapi-otel run --print-env`);
  }
  if (found !== undefined && model === undefined && (found.recipe.needsModel || options.smokeFirst === true)) {
    throw usageError('run needs a model here: cometapi-otel run --model ID -- …');
  }
}

async function smokeAndRun(session: Session, found: FoundRecipe, model: string | undefined): Promise<number> {
  const { invocation, gateway, token, lastCall } = session;
  const { options, host, output } = invocation;
  if (options.smokeFirst === true) {
    output.note('smoke: one controlled request goes through the gateway …');
    const smoke = await smokeFirst({ baseURL: gateway.baseURL, token, lastCall }, found.recipe.family, model ?? '');
    output.note(smoke.passed ? 'smoke: passed' : `smoke: ${smoke.why}. The agent was not started.`);
    if (!smoke.passed) {
      return 1;
    }
  }
  // From here to the end of the agent no signal ends this process, so that what is temporary goes in any case.
  const folder = createTemporaryFolder();
  const start = startOf(session, found, model, folder);
  const [command, ...behindRunner] = found.command;
  let exitCode: number;
  try {
    folder.write(start.files);
    exitCode = await runAgent(
      command,
      [...behindRunner, ...start.words],
      agentEnvironment(host.environment, start.environment),
    );
  } finally {
    folder.remove();
  }
  if (exitCode === 127) {
    host.stderr.write(
      `cometapi-otel: ${KNOWN_AGENTS.includes(command) ? command : 'the agent'} was not found: is it installed, and on the PATH?\n`,
    );
  }
  return exitCode;
}

async function printAndServe(
  session: Session,
  found: FoundRecipe | undefined,
  model: string | undefined,
): Promise<number> {
  const { gateway, token } = session;
  const { output } = session.invocation;
  const ended = untilSignal();
  const folder = createTemporaryFolder();
  const start = found && startOf(session, found, model, folder);
  folder.write(start?.files ?? []);
  const settings = { ...genericSettings(gateway.baseURL, token), [TOKEN_VARIABLE]: token, ...definedOf(start) };
  const line = found && start && [...found.command, ...start.words].map(shellWord).join(' ');
  if (output.json) {
    await output.object({ listening: gateway.baseURL, settings, command: line ?? null });
  } else {
    await output.result(
      `listening ${gateway.baseURL}\n${exportLines(settings)}${line === undefined ? '' : `${line}\n`}`,
    );
  }
  const exitCode = await ended;
  folder.remove();
  return exitCode;
}

function startOf(
  { gateway, token }: Session,
  { recipe, words }: FoundRecipe,
  model: string | undefined,
  folder: TemporaryFolder,
): AgentStart {
  return recipe.start({ baseURL: gateway.baseURL, token, model, words, folder: folder.path });
}

function definedOf(start: AgentStart | undefined): Readonly<Record<string, string>> {
  const entries = Object.entries(start?.environment ?? {});
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** The records of the run, and where they are. */
async function file({ invocation, gateway, recordFile }: Session): Promise<void> {
  const { options, output } = invocation;
  const records = await tellRuns(gateway, options, recordFile, output);
  if (records.length === 0) {
    output.note('No request came through the gateway: does the agent use another provider?');
  } else {
    output.note(`Records: ${recordFile}`);
  }
  if (output.json && options.printEnv !== true) {
    const [first] = records;
    await output.object({
      run_card: first?.runCard.record ?? null,
      usage_trace: first?.usageTrace.record ?? null,
      record_file: recordFile,
    });
  }
}

/** Outside of the agent's working folder, which is often a repository. */
async function defaultRecordFile(runId: string, { environment }: CliHost): Promise<string> {
  const state = environment['XDG_STATE_HOME'] || environment['LOCALAPPDATA'] || join(homedir(), '.local', 'state');
  const path = join(state, 'cometapi-otel', 'runs', `${runId.replaceAll(/[^A-Za-z0-9._-]/g, '_')}.jsonl`);
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw fileProblem(dirname(path), error, 'written');
  }
  return path;
}
