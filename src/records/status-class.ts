import type { CallFacts } from '../facts/call-facts';

/** The one spelling of a status class; `other` is a 3xx or a failure below HTTP, whose category names it. */
export type StatusClass = '2xx' | '4xx' | '5xx' | 'timeout' | 'other';

/** How a call ended, as coarse as telemetry should be compared by. */
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
