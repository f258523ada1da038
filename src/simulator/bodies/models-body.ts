/** Builds the answer of both model endpoints. The format of `/api/models` is not documented; it uses the same one. */
export function modelList(models: readonly string[]): Readonly<Record<string, unknown>> {
  return {
    object: 'list',
    data: models.map((id) => ({ id, object: 'model', created: 1_760_000_000, owned_by: 'simulated' })),
  };
}
