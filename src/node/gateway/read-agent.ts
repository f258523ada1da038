import type { AgentName } from 'cometapi-otel';

/** Which agent or SDK a request says it comes from; its version as written, to be checked. */
export interface ClaimedAgent {
  readonly name: AgentName;
  readonly version: string | undefined;
}

/** The first that matches counts: agents stand before the SDKs they are built on. The group is the version. */
const USER_AGENTS: readonly (readonly [AgentName, RegExp])[] = [
  ['codex', /^codex[\w-]*\/(\S+)/i],
  ['opencode', /^opencode\/(\S+)/i],
  ['qwen-code', /^qwen-?code\/(\S+)/i],
  ['claude-code', /^claude-(?:cli|code)\/(\S+)/i],
  ['cline', /^cline\/(\S+)/i],
  ['continue', /^continue\/(\S+)/i],
  ['copilot', /^(?:github-?)?copilot[\w-]*\/(\S+)/i],
  ['pi', /^pi(?:-coding-agent)?\/(\S+)/i],
  ['langchain-js', /\blangchainjs-openai\/(\S+)/i],
  ['openrouter-sdk', /\bspeakeasy-sdk\/\S+ (\S+)[^@]*@openrouter\/sdk/i],
  ['openai-js', /^(?:Async)?(?:Azure)?OpenAI\/JS (\S+)/],
  // Bundlers shorten the name of its class: Continue is `ls/JS 5.23.2`.
  ['openai-js', /^\w{1,4}\/JS (\d\S*)$/],
  ['openai-python', /^(?:Async)?(?:Azure)?OpenAI\/Python (\S+)/],
  ['openai-agents-js', /^Agents\/JavaScript (\S+)/],
  ['anthropic-js', /^Anthropic\/JS (\S+)/],
  // `ai-sdk/openai-compatible/3.0.37`, `ai-sdk-openai/4.0.118`; the package above its providers says `ai/7.0.173`.
  ['ai-sdk', /^ai\/(\S+)/],
  ['ai-sdk', /\bai-sdk(?:\/[\w-]+|-[\w-]+)\/(\S+)/],
];

/** Agents whose user agent is that of their SDK, but who send a header nobody else does. */
const BY_HEADER: readonly (readonly [AgentName, string, RegExp])[] = [
  ['codex', 'originator', /^codex/i],
  ['copilot', 'x-initiator', /^\w+$/],
  ['claude-code', 'x-claude-code-session-id', /^\S+$/],
  ['cline', 'x-title', /^cline$/i],
];

/** Agents that show nothing but the SDK they are built on; a wrapper that started one may say which it is. */
const GENERIC: ReadonlySet<AgentName> = new Set<AgentName>(['openai-js', 'anthropic-js', 'ai-sdk']);

/**
 * A closed word and a version; nothing else of these headers is kept.
 *
 * @param started the agent this gateway was started for
 */
export function readAgent(headers: Headers, started?: AgentName): ClaimedAgent | undefined {
  const userAgent = headers.get('user-agent') ?? '';
  const claimed = fromUserAgent(userAgent);
  const byHeader = BY_HEADER.find(([, name, value]) => value.test(headers.get(name) ?? ''))?.[0];
  const isUnclear = claimed === undefined || claimed.name === '_OTHER' || GENERIC.has(claimed.name);
  if (byHeader !== undefined && isUnclear) {
    return { name: byHeader, version: undefined };
  }
  return claimed !== undefined && started !== undefined && GENERIC.has(claimed.name)
    ? { name: started, version: undefined }
    : claimed;
}

function fromUserAgent(userAgent: string): ClaimedAgent | undefined {
  if (userAgent === '') {
    return undefined;
  }
  for (const [name, pattern] of USER_AGENTS) {
    const match = pattern.exec(userAgent);
    if (match !== null) {
      return { name, version: match[1] };
    }
  }
  return { name: '_OTHER', version: undefined };
}
