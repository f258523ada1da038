#!/usr/bin/env node
// The file behind the command `cometapi-otel`.
import { processHost } from './cli-host';
import { runCli } from './run-cli';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader has seen enough (`… | head`).
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

// Not process.exit: what is still to be written would be cut off.
process.exitCode = await runCli(process.argv.slice(2), processHost());
