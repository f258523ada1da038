export { type AiSdkHostOptions, aiSdk } from './host-options';
