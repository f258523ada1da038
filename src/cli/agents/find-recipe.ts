import { basename } from 'node:path';
import { claude } from '../../gateway/recipes/claude';
import { codex } from '../../gateway/recipes/codex';
import { opencode } from '../../gateway/recipes/opencode';
import { pi } from '../../gateway/recipes/pi';
import { qwen } from '../../gateway/recipes/qwen';
import { flagValue, type Recipe } from '../../gateway/recipes/recipe';

const RECIPES: readonly Recipe[] = [codex, opencode, qwen, pi, claude];

/** Commands that run the agent named in their arguments. */
const RUNNERS: ReadonlySet<string> = new Set(['npx', 'bunx', 'pnpx']);

/** The command names of the known agents. */
export const KNOWN_AGENTS = RECIPES.map(({ commands }) => commands[0] ?? '').join(', ');

export interface FoundRecipe {
  readonly recipe: Recipe;
  /** The command. For a runner such as `npx`, also its arguments up to the agent's name. */
  readonly command: readonly [string, ...string[]];
  /** The agent's own arguments. */
  readonly words: readonly string[];
}

/** Finds the agent that a command line starts. Returns `undefined` for an unknown agent. */
export function findRecipe(commandLine: readonly string[]): FoundRecipe | undefined {
  const [program, ...rest] = commandLine;
  if (program === undefined) {
    return undefined;
  }
  const at = RUNNERS.has(bare(program)) ? rest.findIndex((word) => !word.startsWith('-')) + 1 : 0;
  const name = at === 0 ? bare(program) : (rest[at - 1] ?? '').replace(/(?<=.)@[^@/]*$/, '');
  const recipe = RECIPES.find(({ commands }) => commands.includes(name));
  return recipe === undefined ? undefined : { recipe, command: [program, ...rest.slice(0, at)], words: rest.slice(at) };
}

/** Returns the model from the agent's own flags, from `run --model`, or from the variable that Qwen Code reads. */
export function modelOf(
  requested: string | undefined,
  { recipe, words }: FoundRecipe,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const own = flagValue(words, '--model', '-m');
  return (
    own ?? requested ?? (recipe.agent === 'qwen-code' ? environment['OPENAI_MODEL']?.trim() || undefined : undefined)
  );
}

function bare(program: string): string {
  return basename(program).replace(/\.(?:cmd|exe|ps1)$/i, '');
}
