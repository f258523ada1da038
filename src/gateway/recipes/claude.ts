import type { Recipe } from './recipe';

/** Claude Code reads environment variables before its own settings. */
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
      // If this key is set, Claude Code sends it instead of the token.
      ANTHROPIC_API_KEY: undefined,
      ...(model !== undefined && { ANTHROPIC_MODEL: model, ANTHROPIC_SMALL_FAST_MODEL: model }),
    },
    files: [],
  }),
};
