import { flagValue, type Recipe } from './recipe';

/** Flags win over the user's `settings.json`. The token is a variable, because other users can see the command line. */
export const qwen: Recipe = {
  agent: 'qwen-code',
  commands: ['qwen', '@qwen-code/qwen-code'],
  family: 'cometapi-text-chat',
  needsModel: true,
  start: ({ baseURL, token, model, words }) => ({
    words: [
      ...(flagValue(words, '--auth-type') === undefined ? ['--auth-type', 'openai'] : []),
      ...(flagValue(words, '--openai-base-url') === undefined ? ['--openai-base-url', baseURL] : []),
      ...words,
    ],
    environment: { OPENAI_BASE_URL: baseURL, OPENAI_API_KEY: token, OPENAI_MODEL: model },
    files: [],
  }),
};
