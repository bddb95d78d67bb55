export { Batch, Kind, Outcome } from './contact.ts';
export { FORMATS } from './reading/formats.ts';
