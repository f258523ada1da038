import { usageError } from '../cli/cli-error';

/** Checks in production send real, billed requests. They require the approval of a named person. */
export function checkApproval(environment: string | undefined, approvedBy: string | undefined): void {
  if (environment !== undefined && /^prod(?:uction)?$/i.test(environment) && !approvedBy?.trim()) {
    throw usageError('--environment production requires --approved-by. Name the person who approved the requests.');
  }
}
