import type { AgentName } from '../../facts/enums';

/** The agent or SDK that a request names. The version is unchecked; the caller validates it. */
export interface ClaimedAgent {
  readonly name: AgentName;
  readonly version: string | undefined;
}

/** The first match wins, so agents precede the SDKs they are built on. The group captures the version. */
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
  // Bundlers shorten the class name: Continue sends `ls/JS 5.23.2`.
  ['openai-js', /^\w{1,4}\/JS (\d\S*)$/],
  ['openai-python', /^(?:Async)?(?:Azure)?OpenAI\/Python (\S+)/],
  ['openai-agents-js', /^Agents\/JavaScript (\S+)/],
  ['anthropic-js', /^Anthropic\/JS (\S+)/],
  // Providers send `ai-sdk/openai-compatible/3.0.37` or `ai-sdk-openai/4.0.118`. The `ai` package sends `ai/7.0.173`.
  ['ai-sdk', /^ai\/(\S+)/],
  ['ai-sdk', /\bai-sdk(?:\/[\w-]+|-[\w-]+)\/(\S+)/],
];

/** Agents that send the user agent of their SDK, together with a header that only they send. */
const BY_HEADER: readonly (readonly [AgentName, string, RegExp])[] = [
  ['codex', 'originator', /^codex/i],
  ['copilot', 'x-initiator', /^\w+$/],
  ['claude-code', 'x-claude-code-session-id', /^\S+$/],
  ['cline', 'x-title', /^cline$/i],
];

/** SDKs that agents are built on. If a request names only the SDK, the name of the started agent is used. */
const GENERIC: ReadonlySet<AgentName> = new Set<AgentName>(['openai-js', 'anthropic-js', 'ai-sdk']);

/**
 * Returns an agent name (an enum value) and a version. Keeps nothing else of these headers.
 *
 * @param started the agent behind this gateway, if known
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
