export { type LangchainHostOptions, langchain } from './host-options';
