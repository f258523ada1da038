/** The part of response headers that the client uses. A `Headers` object matches this interface. */
export interface ResponseHeaders extends Iterable<[string, string]> {
  /** @param name in lowercase */
  get(name: string): string | null;
}
