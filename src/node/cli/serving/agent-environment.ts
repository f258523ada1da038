import { TOKEN_VARIABLE } from './recipes/recipe';

/** What an agent, and every command it runs, must not see: the upstream key, and the settings of this gateway. */
const PRIVATE = /^COMETAPI_(?:API_KEY|KEY|BASE_URL|GATEWAY_\w+)$/;

const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];

/** The environment of an agent: that of the user, without the upstream key, with what the recipe sets. */
export function agentEnvironment(
  own: Readonly<Record<string, string | undefined>>,
  recipe: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const environment: Record<string, string> = {};
  const wanted = { ...own, ...withoutProxy(own), ...recipe };
  for (const [name, value] of Object.entries(wanted)) {
    if (value !== undefined && (name === TOKEN_VARIABLE ? recipe[name] !== undefined : !PRIVATE.test(name))) {
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
