/**
 * The line of an order (packages/blocks, order.ts), for many offices at once: what is the same for all of them is written once, and
 * each line is its own head, that text, and its own signature. Everything in it is ASCII, so that a piece escaped alone is
 * escaped as a part of the whole.
 */
import { formatCidr } from '@bellwether/basics';
import type { Block, Order, Spared } from '@bellwether/blocks';
import type { OrderKey } from './order-key.ts';

/** What changes, or holds, wherever it is told. */
export type OrderContent = Pick<Order, 'sequence' | 'at' | 'isWhole' | 'add' | 'lift'>;

/** A content that is written. */
export type WrittenOrder = {
  readonly content: OrderContent;
  readonly middle: string;
  readonly escaped: string;
};

/** Writes what is the same for all offices. */
export function writeOrder(content: OrderContent): WrittenOrder {
  const { sequence, at, isWhole, add, lift } = content;
  const blocks = add.map(blockText).join(',');
  const middle = `"sequence":${sequence},"at":${at},"isWhole":${isWhole},"add":[${blocks}],"lift":${JSON.stringify(lift)}`;
  return { content, middle, escaped: escapedText(middle) };
}

/** The line for one office, without its line end. */
export async function orderLineFor(
  { middle, escaped }: WrittenOrder,
  office: string,
  spare: readonly Spared[],
  key: OrderKey,
): Promise<string> {
  const head = `{"schema":"bellwether/order@1","hub":"${key.hub}","office":"${office}",`;
  const tail = `,"spare":[${spare.map(sparedText).join(',')}]}`;
  const signature = await key.sign(Buffer.from(head + middle + tail, 'latin1'));
  const order = escapedText(head) + escaped + escapedText(tail);
  return `{"order":"${order}","signature":"${Buffer.from(signature).toString('base64')}"}`;
}

function blockText({ id, network, covers, from, until, reason }: Block): string {
  return JSON.stringify({ id, network: formatCidr(network), covers, from, until, reason });
}

function sparedText({ id, network, until }: Spared): string {
  return JSON.stringify({ id, network: formatCidr(network), until });
}

function escapedText(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
