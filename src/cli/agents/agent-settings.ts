/** Returns the settings of the local gateway as variables that most agents read. */
export function genericSettings(baseURL: string, token: string): Readonly<Record<string, string>> {
  return {
    OPENAI_BASE_URL: baseURL,
    OPENAI_API_KEY: token,
    ANTHROPIC_BASE_URL: baseURL.replace(/\/v1$/, ''),
    ANTHROPIC_AUTH_TOKEN: token,
  };
}

/** Returns `export` lines to paste into a shell. */
export function exportLines(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `export ${name}=${shellWord(value)}\n`)
    .join('');
}

export function shellWord(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
