import { describe, expect, test } from 'vitest';
import { agentEnvironment } from '../../../src/cli/agents/agent-environment';
import { findRecipe, modelOf } from '../../../src/cli/agents/find-recipe';
import type { AgentStart } from '../../../src/gateway/recipes/recipe';

const GATEWAY = { baseURL: 'http://127.0.0.1:8787/v1', token: 'local-token-1', folder: '/made/up' };

function startOf(
  ...commandLine: readonly string[]
): AgentStart & { readonly agent: string; readonly command: readonly string[] } {
  const found = findRecipe(commandLine);
  if (found === undefined) {
    throw new Error('no recipe');
  }
  const start = found.recipe.start({ ...GATEWAY, model: modelOf('model-1', found, {}), words: found.words });
  return { ...start, agent: found.recipe.agent, command: found.command };
}

describe('recipes', () => {
  test('codex gets command line overrides before its own arguments', () => {
    expect(startOf('codex', 'exec', 'a prompt')).toEqual({
      agent: 'codex',
      command: ['codex'],
      words: [
        ...['-c', 'model_provider="cometapi"'],
        ...['-c', 'model_providers.cometapi.name="CometAPI gateway"'],
        ...['-c', 'model_providers.cometapi.base_url="http://127.0.0.1:8787/v1"'],
        ...['-c', 'model_providers.cometapi.env_key="COMETAPI_GATEWAY_TOKEN"'],
        ...['-c', 'model_providers.cometapi.wire_api="responses"'],
        ...['-c', 'model="model-1"'],
        ...['exec', 'a prompt'],
      ],
      environment: { COMETAPI_GATEWAY_TOKEN: 'local-token-1' },
      files: [],
    });
    expect(startOf('codex', 'exec', '-m', 'model-2').words.join(' ')).not.toContain('model-1');
  });

  test('opencode gets its configuration in a variable', () => {
    const { words, environment } = startOf('opencode', 'run', '-m', 'model-2', 'a prompt');
    expect(words).toEqual(['run', '-m', 'cometapi/model-2', 'a prompt']);
    expect(JSON.parse(environment['OPENCODE_CONFIG_CONTENT'] ?? '')).toEqual({
      model: 'cometapi/model-2',
      small_model: 'cometapi/model-2',
      enabled_providers: ['cometapi'],
      provider: {
        cometapi: {
          npm: '@ai-sdk/openai-compatible',
          name: 'CometAPI gateway',
          options: { baseURL: GATEWAY.baseURL, apiKey: GATEWAY.token },
          models: { 'model-2': { name: 'model-2' } },
        },
      },
    });
  });

  test('qwen gets flags and variables, without the token on the command line', () => {
    const { words, environment } = startOf('qwen', '-p', 'a prompt');
    expect(words).toEqual(['--auth-type', 'openai', '--openai-base-url', GATEWAY.baseURL, '-p', 'a prompt']);
    expect(environment).toEqual({
      OPENAI_BASE_URL: GATEWAY.baseURL,
      OPENAI_API_KEY: GATEWAY.token,
      OPENAI_MODEL: 'model-1',
    });
  });

  test('pi gets a temporary extension that contains no token', () => {
    const { words, environment, files } = startOf('pi', '-p', 'a prompt');
    expect(words).toEqual([
      '--extension',
      '/made/up/cometapi-gateway.js',
      '--provider',
      'cometapi',
      '--model',
      'model-1',
      '-p',
      'a prompt',
    ]);
    expect(environment).toEqual({ COMETAPI_GATEWAY_TOKEN: GATEWAY.token });
    expect(files).toEqual([{ path: '/made/up/cometapi-gateway.js', text: expect.stringContaining('"id":"model-1"') }]);
    expect(files[0]?.text).not.toContain(GATEWAY.token);
  });

  test('claude gets variables, without the user’s Anthropic key', () => {
    expect(startOf('claude', '-p', 'a prompt').environment).toEqual({
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:8787',
      ANTHROPIC_AUTH_TOKEN: GATEWAY.token,
      ANTHROPIC_API_KEY: undefined,
      ANTHROPIC_MODEL: 'model-1',
      ANTHROPIC_SMALL_FAST_MODEL: 'model-1',
    });
  });

  test.each([
    [['/usr/local/bin/codex', 'exec'], 'codex', ['/usr/local/bin/codex'], ['exec']],
    [['npx', '-y', '@openai/codex', 'exec'], 'codex', ['npx', '-y', '@openai/codex'], ['exec']],
    [['npx', 'opencode-ai@1.18.33', 'run'], 'opencode', ['npx', 'opencode-ai@1.18.33'], ['run']],
    [['codex.cmd'], 'codex', ['codex.cmd'], []],
  ])('%j: finds the agent', (commandLine, agent, command, words) => {
    const found = findRecipe(commandLine);
    expect([found?.recipe.agent, found?.command, found?.words]).toEqual([agent, command, words]);
  });

  test.each([[[]], [['vim']], [['npx']], [['npx', 'vim']], [['node', 'codex']]])(
    '%j: finds no agent',
    (commandLine) => {
      expect(findRecipe(commandLine)).toBeUndefined();
    },
  );
});

describe('environment of an agent', () => {
  test('omits the key under any name, the settings of the gateway and the OTEL variables', () => {
    const own = {
      PATH: '/bin',
      COMETAPI_API_KEY: 'made-up-key',
      COMETAPI_KEY: 'made-up-key',
      OPENAI_API_KEY: ' made-up-key',
      COMETAPI_WORKFLOW: 'kept',
      COMETAPI_BASE_URL: 'https://example.com',
      COMETAPI_GATEWAY_TOKEN: 'of-another-gateway',
      ANTHROPIC_API_KEY: 'made-up',
      // With these, OpenCode exports paths and shell commands.
      OTEL_SERVICE_NAME: 'shop',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
    };
    expect(agentEnvironment(own, { COMETAPI_GATEWAY_TOKEN: 'local', ANTHROPIC_API_KEY: undefined })).toEqual({
      PATH: '/bin',
      COMETAPI_WORKFLOW: 'kept',
      COMETAPI_GATEWAY_TOKEN: 'local',
    });
    expect(agentEnvironment({ COMETAPI_GATEWAY_TOKEN: 'of-another-gateway' }, {})).toEqual({});
  });

  test('excludes loopback addresses from the proxy', () => {
    expect(agentEnvironment({ HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: 'internal' }, {})).toEqual({
      HTTPS_PROXY: 'http://proxy:3128',
      NO_PROXY: 'internal,127.0.0.1,localhost,::1',
      no_proxy: 'internal,127.0.0.1,localhost,::1',
    });
  });
});
