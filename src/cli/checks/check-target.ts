import type { Redactor } from '../../facts/redaction/redactor';
import { createSimulator } from '../../simulator/simulator';
import { usageError } from '../cli-error';
import type { CliHost } from '../cli-host';
import { redactorFromEnvironment } from '../reading/secrets-from-environment';

/** The server that receives the controlled requests. */
export interface CheckTarget {
  readonly apiKey: string;
  /** `undefined` means the documented base URL. */
  readonly baseURL: string | undefined;
  readonly isSimulated: boolean;
  /** True if the operator configured a timeout. */
  readonly hasOwnTimeout: boolean;
  /** Recognizes every secret of the environment, used or not. */
  readonly redactor: Redactor;
  close(): Promise<void>;
}

/** @throws CliError (64) if no key is set */
export async function openCheckTarget(simulate: boolean, { environment }: CliHost): Promise<CheckTarget> {
  if (simulate) {
    const simulator = createSimulator();
    const { baseURL } = await simulator.listen();
    return {
      apiKey: simulator.apiKey,
      baseURL,
      isSimulated: true,
      hasOwnTimeout: false,
      redactor: redactorFromEnvironment(environment),
      close: async () => {
        await simulator.close();
      },
    };
  }
  const variable = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const apiKey = variable('COMETAPI_API_KEY') ?? variable('COMETAPI_KEY');
  if (apiKey === undefined) {
    throw usageError('no API key. Set COMETAPI_API_KEY, or use --simulate, which needs no key.');
  }
  return {
    apiKey,
    baseURL: variable('COMETAPI_BASE_URL'),
    isSimulated: false,
    hasOwnTimeout: variable('COMETAPI_TIMEOUT_MS') !== undefined,
    redactor: redactorFromEnvironment(environment),
    close: async () => {},
  };
}
