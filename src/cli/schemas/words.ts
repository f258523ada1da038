import { z } from 'zod';
import { ENDPOINT_FAMILIES, ROUTE_TEMPLATES } from '../../facts/endpoints';
import * as values from '../../facts/enums';

/** Schemas of the enum values of facts. */
export const endpointFamily = z.enum(ENDPOINT_FAMILIES);
export const routeTemplate = z.enum(ROUTE_TEMPLATES);
export const ending = z.enum(values.ENDINGS);
export const endingReason = z.enum(values.ENDING_REASONS);
export const httpMethod = z.enum(values.HTTP_METHODS);
export const agentName = z.enum(values.AGENT_NAMES);
export const upstream = z.enum(values.UPSTREAMS);
export const failureType = z.enum(values.FAILURE_TYPES);
export const errorCategory = z.enum(values.ERROR_CATEGORIES);
export const phase = z.enum(values.PHASES);
export const decision = z.enum(values.DECISIONS);
export const decisionReason = z.enum(values.DECISION_REASONS);
export const delayOrigin = z.enum(values.DELAY_ORIGINS);
export const serverCode = z.enum(values.SERVER_CODES);
export const requestIdSource = z.enum(values.REQUEST_ID_SOURCES);
export const finishReason = z.enum(values.FINISH_REASONS);
export const serviceTier = z.enum(values.SERVICE_TIERS);
export const outputType = z.enum(values.OUTPUT_TYPES);
export const contentKind = z.enum(values.CONTENT_KINDS);
export const requestField = z.enum(values.REQUEST_FIELDS);
