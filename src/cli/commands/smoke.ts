import { join } from 'node:path';
import type { Command } from 'commander';
import { processSource } from '../../record-file/process-source';
import { renderRetryEvidence } from '../../records/retry-evidence/markdown';
import { renderRunCard } from '../../records/run-card/markdown';
import type { RunCard } from '../../records/run-card/run-card';
import { CHECKED_NAMES, type CheckedName, checkedFamily } from '../../records/shared/minimal-request';
import { renderUsageTrace } from '../../records/usage-trace/markdown';
import { appendLines } from '../checks/append-lines';
import { checkApproval } from '../checks/approval';
import { checkFailure } from '../checks/check-failure';
import { checkFolder } from '../checks/check-folder';
import { type CheckSession, openCheckSession } from '../checks/check-session';
import { type CheckTarget, openCheckTarget } from '../checks/check-target';
import { usageError } from '../cli-error';
import { commandAction, type Invocation, type Shell } from '../command-action';
import { EXIT, type ExitCode } from '../exit-code';
import { type AnnotationFlags, addAnnotationFlags, annotationsOf } from '../flags/annotation-flags';
import { modelFlag, oneOf } from '../flags/checked-flag';
import { appendStepSummary } from '../output/github-actions';
import { type RenderedRecord, sealed } from '../output/record-output';
import { writeFiles } from '../output/write-files';
import { redactorFromEnvironment } from '../reading/secrets-from-environment';
import { runSmoke, SMOKE_REQUESTS, type SmokePlan, type SmokeRecords } from '../smoke/run-smoke';
import type { ErrorPath } from '../smoke/smoke-requests';

interface SmokeFlags extends AnnotationFlags {
  readonly family?: CheckedName | undefined;
  readonly model?: string | undefined;
  readonly errorPath: ErrorPath;
  readonly simulate?: true | undefined;
  readonly approvedBy?: string | undefined;
  readonly modelVerifiedBy?: string | undefined;
  readonly recordFile?: string | undefined;
  readonly output?: string | undefined;
}

const EXIT_OF: Readonly<Record<RunCard['result_class'], ExitCode>> = {
  pass: EXIT.pass,
  fail: EXIT.fail,
  needs_follow_up: EXIT.needsFollowUp,
};

const EXAMPLES = `
Examples:
  cometapi-otel smoke --simulate
  cometapi-otel smoke --family chat --environment staging --model MODEL \\
    --docs https://apidoc.cometapi.com/api/text/chat@2026-11-20 --note "before the release"

Sends two requests, each once: a minimal call with a harmless prompt, and a call that must fail. Creates a usage trace,
retry evidence and a run card: YAML documents on stdout, or one object with --json. The prompt and the invalid
credential contain a canary. The command searches stdout, stderr, log lines, log events, record lines, spans, metrics
and files for it. If it finds the canary, it stops at once.
Exit codes (the result of the run card): 0 pass, 1 fail, 2 needs follow-up. Against CometAPI, a pass needs --docs.`;

export function registerSmoke(program: Command, shell: Shell): void {
  const smoke = program
    .command('smoke')
    .description('run a smoke test: one minimal call, one deliberate failure, and the records of both')
    .option('--family <family>', 'chat or responses', oneOf('--family', CHECKED_NAMES));
  addAnnotationFlags(smoke)
    .option('--model <id>', 'model to call', modelFlag('--model'))
    .option(
      '--error-path <path>',
      'the deliberate failure: auth (an invalid credential) or shape (no model field)',
      oneOf('--error-path', ['auth', 'shape']),
      'auth',
    )
    .option('--simulate', 'use the built-in simulator: no key, no network; sets defaults for the other flags')
    .option('--approved-by <name>', 'the person who approved requests in production')
    .option('--model-verified-by <url|account>', 'where you verified the model')
    .option('--record-file <file>', 'append the call lines to this record file (default: COMETAPI_RECORD_FILE)')
    .option('-o, --output <directory>', 'write new YAML files to this directory instead of stdout')
    .addHelpText('after', EXAMPLES)
    .action(commandAction<SmokeFlags>(shell, smokeTest));
}

async function smokeTest(invocation: Invocation<SmokeFlags>): Promise<ExitCode> {
  const { options, host, output } = invocation;
  const plan = planOf(invocation);
  if (options.output !== undefined) {
    await checkFolder(options.output);
  }
  const target = await openCheckTarget(options.simulate === true, host);
  try {
    const session = await openCheckSession(target, {
      runId: plan.annotations.runId,
      workflow: plan.annotations.workflow,
      environment: plan.annotations.environmentName,
    });
    try {
      reportSetup(plan, target, invocation);
      const records = await runSmoke(plan, session, (step) => output.note(step));
      return await deliver(records, plan, session, invocation);
    } finally {
      await session.close();
    }
  } catch (error) {
    throw checkFailure(error);
  } finally {
    await target.close();
  }
}

/** Checks all flags before the first request. */
function planOf({ options, host }: Invocation<SmokeFlags>): SmokePlan {
  const isSimulated = options.simulate === true;
  const annotations = {
    ...annotationsOf(options, host, redactorFromEnvironment(host.environment)),
    modelVerifiedBy: options.modelVerifiedBy,
    approvedBy: options.approvedBy,
  };
  const family = checkedFamily(options.family ?? (isSimulated ? 'chat' : ''));
  const environmentName = annotations.environmentName ?? (isSimulated ? 'local' : undefined);
  const model = options.model ?? (isSimulated ? 'simulated-model' : undefined);
  const missing = Object.entries({ '--family': family, '--environment': environmentName, '--model': model })
    .filter(([, value]) => value === undefined)
    .map(([flag]) => flag);
  if (family === undefined || environmentName === undefined || model === undefined) {
    throw usageError(
      `${missing.join(', ')} missing. Set the interface, the environment and the model, or use --simulate.`,
    );
  }
  checkApproval(environmentName, options.approvedBy);
  const now = new Date(host.now()).toISOString();
  return {
    family,
    model,
    errorPath: options.errorPath,
    requestId: `smoke-check-${now.slice(0, 10)}`,
    annotations: { ...annotations, environmentName, runId: annotations.runId ?? runId(now) },
    source: processSource(),
  };
}

/** `publisher-smoke-YYYYMMDD-HHMM`, in UTC. */
function runId(now: string): string {
  return `publisher-smoke-${now.slice(0, 10).replaceAll('-', '')}-${now.slice(11, 16).replace(':', '')}`;
}

function reportSetup(plan: SmokePlan, target: CheckTarget, { output }: Invocation<SmokeFlags>): void {
  const { annotations, family, errorPath } = plan;
  const docs = (annotations.docsChecked ?? []).length;
  output.note(
    `setup: ${target.isSimulated ? 'simulator' : 'a key is set'}, ${family}, environment ${annotations.environmentName}, ${docs === 0 ? 'no documentation page named' : `documentation pages: ${docs}`}`,
  );
  output.note(
    `sending ${SMOKE_REQUESTS} requests, each once (retries are off): a minimal call, then a call that must fail (${errorPath})${target.isSimulated ? '' : '; the first is billed'}`,
  );
}

async function deliver(
  records: SmokeRecords,
  plan: SmokePlan,
  session: CheckSession,
  { options, host, output }: Invocation<SmokeFlags>,
): Promise<ExitCode> {
  const { redactor } = session;
  const rendered = {
    usage_trace: sealed(records.usageTrace, redactor, renderUsageTrace),
    retry_evidence: sealed(records.retryEvidence, redactor, renderRetryEvidence),
    run_card: sealed(records.runCard, redactor, renderRunCard),
  };
  const fromEnvironment = options.simulate === true ? undefined : host.environment['COMETAPI_RECORD_FILE']?.trim();
  const recordFile = options.recordFile ?? (fromEnvironment || undefined);
  if (recordFile !== undefined) {
    appendLines(recordFile, await session.lines());
  }
  if (options.output !== undefined) {
    const folder = options.output;
    const files = Object.entries(rendered).map(([kind, { yaml }]) => ({
      path: join(folder, `${plan.annotations.runId}.${kind.replace('_', '-')}.yaml`),
      text: yaml,
    }));
    await writeFiles(files);
    output.note(`Wrote ${files.map(({ path }) => path).join(', ')}.`);
  }
  const all: readonly RenderedRecord[] = Object.values(rendered);
  if (output.json) {
    await output.object(Object.fromEntries(Object.entries(rendered).map(([kind, { record }]) => [kind, record])));
  } else if (options.output === undefined) {
    await output.result(all.map(({ yaml }) => yaml).join('---\n'));
  }
  await appendStepSummary(all.map(({ markdown }) => markdown).join('\n'), host, output);
  const { result_class: result, failure_class: failure, reasons } = rendered.run_card.record;
  output.note(`result: ${[result, ...(failure === 'none' ? [] : [failure]), ...reasons].join(', ')}`);
  return EXIT_OF[result];
}
