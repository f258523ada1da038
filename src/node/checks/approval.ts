import { usageError } from '../cli/cli-error';

/** Requests in production need the service owner's approval (seed 000, "Should validation happen in production?"). */
export function checkApproval(environment: string | undefined, approvedBy: string | undefined): void {
  if (environment !== undefined && /^prod(?:uction)?$/i.test(environment) && !approvedBy?.trim()) {
    throw usageError('--environment production needs --approved-by: name who approved requests in production.');
  }
}
