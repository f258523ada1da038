import CometAPI, { CometAPIError } from 'cometapi-otel';
import { createSimulator } from 'cometapi-otel/testing';

// A service sets these variables outside the process. Its code does not change.
const simulator = createSimulator();
process.env['COMETAPI_API_KEY'] = simulator.apiKey;
process.env['COMETAPI_MAX_ATTEMPTS'] = '2';
process.env['COMETAPI_TIMEOUT_MS'] = '30000';
process.env['COMETAPI_WORKFLOW'] = 'nightly-summary';

const client = new CometAPI({ fetch: simulator.fetch });
console.log(client.maxRetries, client.timeout);
console.log((await client.models.list()).data.length > 0);

// The error lists all invalid variables by name. It never contains their values.
process.env['COMETAPI_TIMEOUT_MS'] = 'soon';
process.env['COMETAPI_BASE_URL'] = 'http://gateway.example.com/v1';
try {
  new CometAPI();
} catch (error) {
  if (!CometAPIError.isInstance(error)) {
    throw error;
  }
  console.log(error.problems.join('\n'));
}

// 1 30000
// true
// COMETAPI_BASE_URL must be https, because every request contains the API key. Set allowInsecureHttp: true to allow http.
// COMETAPI_TIMEOUT_MS must be a whole number of milliseconds from 1 to 2147483647.
