#!/usr/bin/env node
// Entry point of the `cometapi-otel` command.
import { processHost } from './cli-host';
import { runCli } from './run-cli';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader closed the pipe, for example `… | head`. This is not an error.
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

// Do not call process.exit here: it would discard output that is not written yet.
process.exitCode = await runCli(process.argv.slice(2), processHost());
