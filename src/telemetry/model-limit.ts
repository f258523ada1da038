import type { AttributeLeaf } from './attributes';

/** Returns the first distinct model names unchanged, and `_OTHER` for all later ones. */
export type ModelLimit = (model: AttributeLeaf) => AttributeLeaf;

/** Each distinct model adds a time series to every metric. Callers and CometAPI can send any number of models. */
const MAX_MODELS = 100;

/** Creates the limit of one client. Requested and answered models count together. */
export function createModelLimit(): ModelLimit {
  const seen = new Set<AttributeLeaf>();
  return (model) => {
    if (!seen.has(model)) {
      if (seen.size >= MAX_MODELS) {
        return '_OTHER';
      }
      seen.add(model);
    }
    return model;
  };
}
