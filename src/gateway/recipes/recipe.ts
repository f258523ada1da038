import type { AgentName } from '../../facts/enums';
import type { GeneratingFamily } from '../../records/shared/minimal-request';

/** The arguments, variables and files for starting an agent. */
export interface AgentStart {
  /** Arguments without the command. */
  readonly words: readonly string[];
  /** Variables to set; `undefined` removes a variable. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Temporary files in {@link RecipeInput.folder}. */
  readonly files: readonly TemporaryFile[];
}

export interface TemporaryFile {
  readonly path: string;
  readonly text: string;
}

export interface RecipeInput {
  /** The URL of the local gateway, with `/v1`. */
  readonly baseURL: string;
  readonly token: string;
  /** The model from `run --model` or from the agent's own arguments. */
  readonly model: string | undefined;
  /** The agent's own arguments. */
  readonly words: readonly string[];
  /** The folder for temporary files. It is removed when the agent exits. */
  readonly folder: string;
}

/** Sends one agent's requests through the local gateway without changing the user's configuration files. */
export interface Recipe {
  readonly agent: AgentName;
  /** The names of the agent's command and npm package. */
  readonly commands: readonly string[];
  /** The API that the agent uses. */
  readonly family: GeneratingFamily;
  /** True if the agent cannot start without a model. */
  readonly needsModel: boolean;
  readonly start: (input: RecipeInput) => AgentStart;
}

/** The variable from which agents read the token. */
export const TOKEN_VARIABLE = 'COMETAPI_GATEWAY_TOKEN';

/** The name of the gateway as a provider in agent configurations. */
export const PROVIDER = 'cometapi';

/** Returns the value of a flag, from `--flag value` or `--flag=value`. */
export function flagValue(words: readonly string[], ...names: readonly string[]): string | undefined {
  for (const [at, word] of words.entries()) {
    const name = names.find((known) => word === known || word.startsWith(`${known}=`));
    if (name !== undefined) {
      return word === name ? words[at + 1] : word.slice(name.length + 1);
    }
  }
  return undefined;
}
