import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import type { CallFacts } from '../../facts/call-facts';
import { generateToken } from '../../gateway/local-token';
import { type AgentStart, TOKEN_VARIABLE } from '../../gateway/recipes/recipe';
import { newRunId } from '../../gateway/runs/run-scope';
import { type RunningGateway, startGateway } from '../../gateway/start-gateway';
import { agentEnvironment } from '../agents/agent-environment';
import { exportLines, genericSettings, shellWord } from '../agents/agent-settings';
import { bufferedLogger } from '../agents/buffered-logger';
import { type FoundRecipe, findRecipe, KNOWN_AGENTS, modelOf } from '../agents/find-recipe';
import { addSharedGatewayFlags, type SharedGatewayFlags, sharedSettings, startProblem } from '../agents/gateway-flags';
import { reportRuns } from '../agents/report-runs';
import { runAgent } from '../agents/run-agent';
import { smokeFirst } from '../agents/smoke-first';
import { startExporting } from '../agents/start-exporting';
import { createTemporaryFolder, type TemporaryFolder } from '../agents/temporary-folder';
import { untilSignal } from '../agents/until-signal';
import { usageError } from '../cli-error';
import type { CliHost } from '../cli-host';
import { commandAction, type Invocation, type Shell } from '../command-action';
import { fileProblem } from '../output/file-problem';

interface RunFlags extends SharedGatewayFlags {
  readonly smokeFirst?: true | undefined;
  readonly model?: string | undefined;
  readonly printEnv?: true | undefined;
}

const HELP = `
Known agents: ${KNOWN_AGENTS}. For other agents, use --print-env.
The agent uses this terminal, and the command returns the agent's exit code. Your agent's configuration files are not
changed: the settings are command-line overrides, variables and temporary files. The agent never sees COMETAPI_API_KEY.

Examples:
  cometapi-otel run -- codex exec "Summarise this repository."
  cometapi-otel run --smoke-first --model gpt-5.1 -- opencode run "Summarise this repository."
  cometapi-otel run --note "after the upgrade" -- pi --model gpt-5.1 -p "Summarise this repository."
  cometapi-otel run --print-env`;

export function registerRun(program: Command, shell: Shell): void {
  const run = program
    .command('run')
    .argument('[agent...]', 'after --: the agent and its arguments')
    .description('run a coding agent through a temporary local gateway, and create records of its requests');
  addSharedGatewayFlags(run)
    .option('--model <id>', 'the model for the agent, if its own arguments name none')
    .option('--smoke-first', 'send one controlled request first, and start the agent only if it passes')
    .option('--print-env', 'print the settings and serve until Ctrl-C, without starting an agent')
    .addHelpText('after', HELP)
    .action(commandAction<RunFlags>(shell, runBehindGateway));
}

/** The local gateway of one run. */
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
  const logger = bufferedLogger(host);
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

/** @throws CliError (64) if the command cannot start with these arguments */
function refuse(
  { options, operands }: Invocation<RunFlags>,
  found: FoundRecipe | undefined,
  model: string | undefined,
): void {
  if (operands.length === 0 && options.printEnv !== true) {
    throw usageError('run needs an agent after --, for example: cometapi-otel run -- codex exec "…"');
  }
  if (found === undefined && options.printEnv !== true) {
    throw usageError(
      `run does not know this agent. Known agents: ${KNOWN_AGENTS}. For others, use: cometapi-otel run --print-env`,
    );
  }
  if (found !== undefined && model === undefined && (found.recipe.needsModel || options.smokeFirst === true)) {
    throw usageError('run needs a model. Name it with --model: cometapi-otel run --model ID -- …');
  }
}

async function smokeAndRun(session: Session, found: FoundRecipe, model: string | undefined): Promise<number> {
  const { invocation, gateway, token, lastCall } = session;
  const { options, host, output } = invocation;
  if (options.smokeFirst === true) {
    output.note('smoke: sending one controlled request through the local gateway …');
    const smoke = await smokeFirst({ baseURL: gateway.baseURL, token, lastCall }, found.recipe.family, model ?? '');
    output.note(smoke.passed ? 'smoke: passed' : `smoke: ${smoke.why}. The agent was not started.`);
    if (!smoke.passed) {
      return 1;
    }
  }
  // Signals do not end this process while the agent runs, so it always removes the temporary folder.
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
      `cometapi-otel: ${KNOWN_AGENTS.includes(command) ? command : 'the agent'} was not found. Install it, or add it to the PATH.\n`,
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

/** Writes the records of the run, and prints the path of the record file. */
async function file({ invocation, gateway, recordFile }: Session): Promise<void> {
  const { options, output } = invocation;
  const records = await reportRuns(gateway, options, recordFile, output);
  if (records.length === 0) {
    output.note('The local gateway received no request. Check that the agent does not use another provider.');
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

/** Returns a path outside the agent's working folder, because that folder is often a repository. */
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
