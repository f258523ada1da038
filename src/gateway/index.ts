export { createGateway, type Gateway } from './create-gateway';
export type { GatewayOptions } from './gateway-options';
export { generateToken } from './local-token';
export type { RunAnnotationOptions, RunRecords } from './runs/run-records';
export { type RunningGateway, type StartGatewayOptions, startGateway } from './start-gateway';
