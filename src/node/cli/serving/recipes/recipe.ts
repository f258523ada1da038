import type { AgentName } from 'cometapi-otel';
import type { CheckedFamily } from '../../../../records/minimal-request';

/** What an agent is started with. */
export interface AgentStart {
  /** Arguments, without the command itself. */
  readonly words: readonly string[];
  /** Variables to set; `undefined` takes one out. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Temporary files, named below the folder that was given. */
  readonly files: readonly TemporaryFile[];
}

export interface TemporaryFile {
  readonly path: string;
  readonly text: string;
}

export interface RecipeInput {
  /** With /v1. */
  readonly baseURL: string;
  readonly token: string;
  /** Asked for with `--model`, or found among the agent's own words. */
  readonly model: string | undefined;
  /** The agent's own arguments. */
  readonly words: readonly string[];
  /** Where temporary files may be put; removed when the agent has ended. */
  readonly folder: string;
}

/** How one agent is led through the gateway without touching what its user has configured. */
export interface Recipe {
  readonly agent: AgentName;
  /** Names of its command and of its npm package. */
  readonly commands: readonly string[];
  /** The interface it speaks. */
  readonly family: CheckedFamily | 'cometapi-anthropic-messages';
  /** It cannot start without being told a model. */
  readonly needsModel: boolean;
  readonly start: (input: RecipeInput) => AgentStart;
}

/** The variable in which agents find the token. */
export const TOKEN_VARIABLE = 'COMETAPI_GATEWAY_TOKEN';

/** The name under which agents know the gateway. */
export const PROVIDER = 'cometapi';

/** The value of a flag among an agent's arguments, in either spelling. */
export function flagValue(words: readonly string[], ...names: readonly string[]): string | undefined {
  for (const [at, word] of words.entries()) {
    const name = names.find((known) => word === known || word.startsWith(`${known}=`));
    if (name !== undefined) {
      return word === name ? words[at + 1] : word.slice(name.length + 1);
    }
  }
  return undefined;
}
