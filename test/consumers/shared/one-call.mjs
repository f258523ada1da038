// An application without telemetry code: `node --import cometapi-otel/register` adds the telemetry.
import { CometAPI } from 'cometapi-otel';
import { createSimulator } from 'cometapi-otel/testing';

const simulator = createSimulator();
const { baseURL } = await simulator.listen();
const client = new CometAPI({ apiKey: simulator.apiKey, baseURL, logLevel: 'off' });
await client.chat.completions.create({ model: 'simulated-model', messages: [{ role: 'user', content: 'Hello' }] });
await simulator.close();
