import { usageError } from '../cli-error';

/** Refuses checks in production unless the operator names the person who approved the requests. */
export function checkApproval(environment: string | undefined, approvedBy: string | undefined): void {
  if (environment !== undefined && /^prod(?:uction)?$/i.test(environment) && !approvedBy?.trim()) {
    throw usageError('--environment production requires --approved-by. Name the person who approved the requests.');
  }
}
