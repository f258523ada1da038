import { PROVIDER, type Recipe, TOKEN_VARIABLE } from './recipe';

/** OpenCode merges OPENCODE_CONFIG_CONTENT over the user's configuration files. */
export const opencode: Recipe = {
  agent: 'opencode',
  commands: ['opencode', 'opencode-ai'],
  family: 'cometapi-text-chat',
  needsModel: true,
  start: ({ baseURL, token, model = '', words }) => {
    const id = model.startsWith(`${PROVIDER}/`) ? model.slice(PROVIDER.length + 1) : model;
    const config = {
      model: `${PROVIDER}/${id}`,
      small_model: `${PROVIDER}/${id}`,
      // Other configured providers would bypass the gateway.
      enabled_providers: [PROVIDER],
      provider: {
        [PROVIDER]: {
          npm: '@ai-sdk/openai-compatible',
          name: 'CometAPI gateway',
          options: { baseURL, apiKey: token },
          models: { [id]: { name: id } },
        },
      },
    };
    return {
      words: words.map((word) => (word === id ? `${PROVIDER}/${id}` : word)),
      environment: { OPENCODE_CONFIG_CONTENT: JSON.stringify(config), [TOKEN_VARIABLE]: token },
      files: [],
    };
  },
};
