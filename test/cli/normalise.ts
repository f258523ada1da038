/** Replaces ids, times, durations and versions, which differ between runs. */
export function normalise(text: string): string {
  return text
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<id>')
    .replace(/`[0-9a-f]{12}`/g, '`<id>`')
    .replace(/\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z/g, '<time>')
    .replace(/\b20\d{12}\d{6,12}[A-Za-z0-9]{8}\b/g, '<request-id>')
    .replace(/\b\d+(?:\.\d+)? (ms|s|min)\b/g, '<duration>')
    .replace(/("?\w*(?:duration|offset|delay|time_to_first_event)_ms"?): ?(?!null)[\d.]+/g, '$1: <ms>')
    .replace(/("?version"?): ?"\d[^"]*"/g, '$1: "<version>"')
    .replace(/\b(cometapi-otel|node|Node|undici|@opentelemetry\/[a-z-]+|openai) \d+\.\d+\.\d+\b/g, '$1 <version>')
    .replace(/\b\d+ bytes\b/g, '<size>')
    .replace(/("?os"?): ?"(?:linux|darwin|windows)"/g, '$1: "<os>"')
    .replace(/ on (?:linux|darwin|windows)\b/g, ' on <os>');
}
