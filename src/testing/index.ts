export type { AnswerOptions, TokenUsage } from './answer';
export type { FailureBody, RequestIdPlace } from './error-body';
export type { Family } from './exchange';
export type { FaultLimits, FaultPlace } from './faults';
export type { RecordedRequest } from './recorded-request';
export type { Scenario } from './scenario';
export { type FailOptions, scenario } from './scenarios';
export { createSimulator, type Listening, type Simulator } from './simulator';
export type { RequestIdHeader, SimulatorOptions } from './simulator-options';
