import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import CometAPI, { APIError, APIUserAbortError } from 'cometapi-otel';
import { createSimulator, scenario } from 'cometapi-otel/testing';

const simulator = createSimulator();
const client = new CometAPI({ apiKey: simulator.apiKey, fetch: simulator.fetch, logLevel: 'off' });

/** Streams the answer to a posted question. If the client disconnects, the request to CometAPI is cancelled. */
const server = createServer(async (request, response) => {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  try {
    const question = await text(request);
    const stream = await client.responses.create(
      { model: 'gpt-5.1', input: question, stream: true },
      { signal: gone.signal },
    );
    for await (const event of stream) {
      if (event.type === 'response.output_text.delta') {
        response.write(event.delta);
      }
    }
    response.end();
  } catch (error) {
    if (error instanceof APIUserAbortError) {
      return;
    }
    // `error.message` contains no text from CometAPI, so the response may contain it.
    response.writeHead(error instanceof APIError && error.retryable ? 503 : 502, { 'content-type': 'text/plain' });
    response.end(error instanceof APIError ? error.message : 'failed');
  }
});

await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = server.address();
const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;

console.log(await (await fetch(url, { method: 'POST', body: 'Say hello.' })).text());
simulator.use(scenario.fail(401));
const refused = await fetch(url, { method: 'POST', body: 'Say hello.' });
console.log(refused.status, await refused.text());
server.close();

// This is a simulated answer.
// 502 401 CometAPI refused the API key. Check apiKey or COMETAPI_API_KEY.
