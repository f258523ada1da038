import type { CallFacts } from '../../facts/call-facts';

/** The class of a status. `other` is a 3xx status, or a failure without a status. The error category names it. */
export type StatusClass = '2xx' | '4xx' | '5xx' | 'timeout' | 'other';

/** Returns the status class of a call. */
export function statusClass({ status, category }: Pick<CallFacts, 'status' | 'category'>): StatusClass {
  if (status === undefined) {
    return category === 'timeout' ? 'timeout' : 'other';
  }
  switch (Math.floor(status / 100)) {
    case 2:
      return '2xx';
    case 4:
      return '4xx';
    case 5:
      return '5xx';
    default:
      return 'other';
  }
}
