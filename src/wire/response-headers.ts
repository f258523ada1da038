/** What is read of the headers of an answer; the platform's own `Headers` fit. */
export interface ResponseHeaders extends Iterable<[string, string]> {
  /** @param name in lowercase */
  get(name: string): string | null;
}
