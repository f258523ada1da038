import { flagValue, type Recipe } from './recipe';

/** Flags win over the user's `settings.json`; the token stays out of the command line, where others could see it. */
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
