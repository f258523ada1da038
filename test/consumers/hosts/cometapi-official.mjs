import { CometAPI } from 'cometapi';
import { openaiChecks } from './openai-checks.mjs';

await openaiChecks('cometapi', CometAPI, 'consumer_cancel');
