/**
 * Variables that an agent and its commands must not see: the CometAPI key and the settings of the local gateway.
 * `OTEL_*` is included: OpenCode would export paths and shell commands to the collector of the gateway (tested).
 */
const PRIVATE = /^(?:COMETAPI_(?:API_KEY|KEY|BASE_URL|GATEWAY_\w+)|OTEL_\w+)$/;

const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];

/** Returns the agent's environment: the user's variables without the private ones, plus those of the recipe. */
export function agentEnvironment(
  own: Readonly<Record<string, string | undefined>>,
  recipe: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const environment: Record<string, string> = {};
  const keys = [own['COMETAPI_API_KEY'], own['COMETAPI_KEY']].flatMap((key) => key?.trim() || []);
  const isPrivate = (name: string, value: string): boolean =>
    // Another variable, such as OPENAI_API_KEY, may contain the same key.
    PRIVATE.test(name) || keys.some((key) => value.includes(key));
  for (const [name, value] of Object.entries({ ...own, ...withoutProxy(own) })) {
    if (value !== undefined && !isPrivate(name, value)) {
      environment[name] = value;
    }
  }
  for (const [name, value] of Object.entries(recipe)) {
    if (value === undefined) {
      delete environment[name];
    } else {
      environment[name] = value;
    }
  }
  return environment;
}

/** Excludes loopback addresses from the user's proxy. For the proxy, 127.0.0.1 is its own machine. */
function withoutProxy(own: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const hasProxy = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].some((name) => own[name] || own[name.toLowerCase()]);
  if (!hasProxy) {
    return {};
  }
  const listed = (own['NO_PROXY'] ?? own['no_proxy'] ?? '').split(',').filter((host) => host.trim() !== '');
  const list = [...new Set([...listed, ...LOOPBACK])].join(',');
  return { NO_PROXY: list, no_proxy: list };
}
