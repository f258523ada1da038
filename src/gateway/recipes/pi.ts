import { join } from 'node:path';
import { flagValue, PROVIDER, type Recipe, TOKEN_VARIABLE } from './recipe';

/** A temporary extension registers the gateway as a provider. The user's settings and other extensions stay active. */
export const pi: Recipe = {
  agent: 'pi',
  commands: ['pi', '@mariozechner/pi-coding-agent'],
  family: 'cometapi-text-chat',
  needsModel: true,
  start: ({ baseURL, token, model, words, folder }) => {
    const path = join(folder, 'cometapi-gateway.js');
    const provider = {
      name: 'CometAPI gateway',
      baseUrl: baseURL,
      apiKey: TOKEN_VARIABLE,
      api: 'openai-completions',
      models: [
        {
          id: model,
          name: model,
          reasoning: false,
          input: ['text', 'image'],
          cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
          contextWindow: 200_000,
          maxTokens: 32_000,
        },
      ],
    };
    return {
      words: [
        '--extension',
        path,
        ...(flagValue(words, '--provider') === undefined ? ['--provider', PROVIDER] : []),
        ...(flagValue(words, '--model') === undefined && model !== undefined ? ['--model', model] : []),
        ...words,
      ],
      environment: { [TOKEN_VARIABLE]: token },
      files: [
        {
          path,
          text: `export default function register(pi) {\n  pi.registerProvider(${JSON.stringify(PROVIDER)}, ${JSON.stringify(provider)});\n}\n`,
        },
      ],
    };
  },
};
