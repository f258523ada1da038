import CometAPIDefault, {
  type ChatCompletion,
  type ChatCompletionCreateParams,
  type ChatCompletionMessageParam,
  CometAPI,
} from 'cometapi-otel';
import { createSimulator } from 'cometapi-otel/testing';

const messages: ChatCompletionMessageParam[] = [{ role: 'user', content: 'Hello' }];
export type Parameters = ChatCompletionCreateParams;

/** These functions check that TypeScript can name the returned types when it emits declarations. */
export const ask = (client: CometAPI) => client.chat.completions.create({ model: 'simulated-model', messages });
export const askForStream = (client: CometAPI) =>
  client.chat.completions.create({ model: 'simulated-model', messages, stream: true });
export const respond = (client: CometAPI) => client.responses.create({ model: 'simulated-model', input: 'Hello' });
export const respondInStream = (client: CometAPI) =>
  client.responses.create({ model: 'simulated-model', input: 'Hello', stream: true });
export const models = (client: CometAPI) => client.models.list();

async function main(): Promise<void> {
  const simulator = createSimulator();
  const { baseURL } = await simulator.listen();
  const client: CometAPI = new CometAPIDefault({ apiKey: simulator.apiKey, baseURL, logLevel: 'off' });
  if (!(client instanceof CometAPI)) {
    throw new Error('The default export differs from the named export.');
  }
  const answer: ChatCompletion = await client.chat.completions.create({ model: 'simulated-model', messages });
  const content: string | null | undefined = answer.choices[0]?.message.content;
  const stream = await client.chat.completions.create({ model: 'simulated-model', messages, stream: true });
  for await (const chunk of stream) {
    const delta: string | null | undefined = chunk.choices[0]?.delta.content;
    void delta;
  }
  const response = await client.responses.create({ model: 'simulated-model', input: 'Hello' });
  const text: string = response.output_text;
  for await (const model of client.models.list()) {
    const id: string = model.id;
    void id;
  }
  void content;
  void text;
  await simulator.close();
  // Without a type error here, the types of `openai` became `any`.
  // @ts-expect-error messages are required
  void (() => client.chat.completions.create({ model: 'simulated-model' }));
  // @ts-expect-error there is no such role
  const role: ChatCompletionMessageParam['role'] = 'unknown';
  void role;
  // @ts-expect-error an answer has no such field
  void answer.nothing;
}

void main();
