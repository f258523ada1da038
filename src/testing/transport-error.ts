/** A failure as Node's fetch reports it: a `TypeError` whose cause has the code, where there is one. */
export function transportError(during: 'headers' | 'body', code: string | undefined, text: string): TypeError {
  return new TypeError(during === 'headers' ? 'fetch failed' : 'terminated', {
    cause: Object.assign(new Error(text), code === undefined ? {} : { code }),
  });
}
