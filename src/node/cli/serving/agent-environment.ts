/**
 * What an agent, and every command it runs, must not see: the upstream key and the settings of this gateway. The `OTEL_*`
 * variables are the gateway's too: OpenCode, given them, exports paths and shell commands to where our spans go (tried).
 */
const PRIVATE = /^(?:COMETAPI_(?:API_KEY|KEY|BASE_URL|GATEWAY_\w+)|OTEL_\w+)$/;

const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];

/** The environment of an agent: that of the user without what is private, and with what the recipe sets. */
export function agentEnvironment(
  own: Readonly<Record<string, string | undefined>>,
  recipe: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const environment: Record<string, string> = {};
  const keys = [own['COMETAPI_API_KEY'], own['COMETAPI_KEY']].flatMap((key) => key?.trim() || []);
  const isPrivate = (name: string, value: string): boolean =>
    // The key may stand under another name as well, such as OPENAI_API_KEY.
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

/** A proxy would be asked for 127.0.0.1 too, and find itself there. */
function withoutProxy(own: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const hasProxy = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].some((name) => own[name] || own[name.toLowerCase()]);
  if (!hasProxy) {
    return {};
  }
  const listed = (own['NO_PROXY'] ?? own['no_proxy'] ?? '').split(',').filter((host) => host.trim() !== '');
  const list = [...new Set([...listed, ...LOOPBACK])].join(',');
  return { NO_PROXY: list, no_proxy: list };
}
