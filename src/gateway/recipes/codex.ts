import { flagValue, PROVIDER, type Recipe, TOKEN_VARIABLE } from './recipe';

/** Command line overrides win over `config.toml`, which is not changed. */
export const codex: Recipe = {
  agent: 'codex',
  commands: ['codex', '@openai/codex'],
  family: 'cometapi-text-responses',
  needsModel: false,
  start: ({ baseURL, token, model, words }) => ({
    words: [
      ...override('model_provider', PROVIDER),
      ...override(`model_providers.${PROVIDER}.name`, 'CometAPI gateway'),
      ...override(`model_providers.${PROVIDER}.base_url`, baseURL),
      ...override(`model_providers.${PROVIDER}.env_key`, TOKEN_VARIABLE),
      ...override(`model_providers.${PROVIDER}.wire_api`, 'responses'),
      ...(model === undefined || flagValue(words, '-m', '--model') !== undefined ? [] : override('model', model)),
      ...words,
    ],
    environment: { [TOKEN_VARIABLE]: token },
    files: [],
  }),
};

/** Codex parses the value as TOML. A JSON string is also a TOML string. */
function override(path: string, value: string): readonly string[] {
  return ['-c', `${path}=${JSON.stringify(value)}`];
}
