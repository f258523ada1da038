export { type OpenAIHostOptions, openai } from './host-options';
