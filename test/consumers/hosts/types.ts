// Checks that the constructor of every host accepts our options without a cast.
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { ChatOpenAI } from '@langchain/openai';
import { setDefaultOpenAIClient } from '@openai/agents';
import { HTTPClient, OpenRouter } from '@openrouter/sdk';
import { CometAPI as OfficialCometAPI } from 'cometapi';
import { CometAPI } from 'cometapi-otel';
import { aiSdk } from 'cometapi-otel/ai-sdk';
import { langchain } from 'cometapi-otel/langchain';
import { openai } from 'cometapi-otel/openai';
import OpenAI from 'openai';
import OpenAI6 from 'openai-6';

const client = new CometAPI();

new OpenAI(client.openai());
new OpenAI6(client.openai());
new OfficialCometAPI(client.openai());
setDefaultOpenAIClient(new OpenAI(client.openai()));
createOpenAICompatible(client.aiSdk());
createOpenAI(client.aiSdk());
new ChatOpenAI(client.langchain());
new ChatOpenAI({ ...client.langchain(), model: 'simulated-model' });
new OpenRouter({ apiKey: 'none', serverURL: client.baseURL, httpClient: new HTTPClient({ fetcher: client.fetch }) });

new OpenAI(openai(client));
createOpenAICompatible(aiSdk(client));
new ChatOpenAI(langchain(client));
