import { observedCalls } from './observed-calls.mjs';

await observedCalls({ expectLogs: false });
