import type { Recipe } from './recipe';

/** Claude Code asks the environment first. */
export const claude: Recipe = {
  agent: 'claude-code',
  commands: ['claude', '@anthropic-ai/claude-code'],
  family: 'cometapi-anthropic-messages',
  needsModel: false,
  start: ({ baseURL, token, model, words }) => ({
    words,
    environment: {
      ANTHROPIC_BASE_URL: baseURL.replace(/\/v1$/, ''),
      ANTHROPIC_AUTH_TOKEN: token,
      // With a key of its own it would send that.
      ANTHROPIC_API_KEY: undefined,
      ...(model !== undefined && { ANTHROPIC_MODEL: model, ANTHROPIC_SMALL_FAST_MODEL: model }),
    },
    files: [],
  }),
};
