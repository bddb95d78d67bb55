export { appealCode, readAppealCode } from './appeal-code.ts';
export type { Block, Covers, Outcome, Refusal } from './block.ts';
export { type Cover, coverOf, NO_COVER, pieceAt } from './cover.ts';
export { type DoorMac, isAnswered, isPass, passFor, questionFor } from './door-tokens.ts';
export { BLOCKS_ERRORS, type BlocksError, type BlocksErrorCode } from './errors.ts';
export type { FirewallService, OfficeFirewall } from './firewall.ts';
export { LIMITS, type Refused, refusalOf, sparedWithinLimits, withinLimits } from './limits.ts';
export { type ReadTable, readFlowtables, readTable } from './nft-listing.ts';
export { changeText, TABLE, tableText } from './nft-text.ts';
export type { Order, Spared } from './order.ts';
export {
  type CheckOrder,
  MOST_ORDER_LINE,
  OrderBook,
  type OrdersOf,
  type ReadOrder,
  readOrder,
  type Taken,
} from './order-reading.ts';
export { type Enforcement, outcomesOf, type Point } from './outcomes.ts';
export { type DoorAnswer, PASS_LIFE, QUESTION_WAIT, sourceKey, VotersDoor } from './voters-door.ts';
