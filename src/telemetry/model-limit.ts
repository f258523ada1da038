import type { AttributeLeaf } from './attributes';

/** Keeps the first distinct values and answers `_OTHER` for the rest. */
export type ModelLimit = (model: AttributeLeaf) => AttributeLeaf;

/** Each distinct model is a new time series of every metric, and a caller or the gateway may send any number of them. */
const MAX_MODELS = 100;

/** One per client, so that its requested and answered models together stay within the bound. */
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
