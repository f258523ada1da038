/** The list both model endpoints answer with. The open endpoint's shape is not documented; it gets the same. */
export function modelList(models: readonly string[]): Readonly<Record<string, unknown>> {
  return {
    object: 'list',
    data: models.map((id) => ({ id, object: 'model', created: 1_760_000_000, owned_by: 'simulated' })),
  };
}
