export { type OrderReader, orderReader } from '../link/order-check.ts';
export { Enforcer, type EnforcerOptions } from './enforcer.ts';
export { type RunTool, runTool } from './nft.ts';
