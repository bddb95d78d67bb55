/**
 * Where things stand in memory, and the columns of a row. Addresses come from ../src/reading/wasm-memory.ts.
 */

/** Table of addresses and settings, words. */
export const TABLE: usize = 0x10000;
/** What was found, words: see `Out` in wasm-memory.ts. */
export const OUT: usize = 0x10200;
/** Values of the event being read: 64 starts, 64 ends, 64 types. */
export const STARTS: usize = 0x10400;
export const ENDS: usize = 0x10500;
export const TYPES: usize = 0x10600;
/** Nodes of the shapes of events; node 0 is the root. */
export const ARENA: usize = 0x11000;

export const MAX_LINE: usize = 65_536;

// Kinds, outcomes, flags and protocols of ../src/contact.ts.
export const KIND_FLOW: u32 = 2;
export const ACCEPTED: u32 = 3;
export const ESTABLISHED: u32 = 4;
export const NO_ANSWER: u32 = 5;
export const REJECTED: u32 = 6;
export const ONE_SIDED: u32 = 10;
export const BLOCKED: u32 = 2;
export const TCP_KNOWN: u32 = 8;

export let time: usize = 0;
export let src: usize = 0;
export let dst: usize = 0;
export let key0: usize = 0;
export let key1: usize = 0;
export let acct0: usize = 0;
export let acct1: usize = 0;
export let route: usize = 0;
export let size: usize = 0;
export let millis: usize = 0;
export let host: usize = 0;
export let line: usize = 0;
export let textLength: usize = 0;
export let sport: usize = 0;
export let dport: usize = 0;
export let status: usize = 0;
export let content: usize = 0;
export let flags: usize = 0;
export let repeat: usize = 0;
export let kind: usize = 0;
export let outcome: usize = 0;
export let direction: usize = 0;
export let protocol: usize = 0;
export let tcp: usize = 0;
export let marks: usize = 0;
export let lineMarks: usize = 0;
export let marksCapacity: u32 = 0;

/** Takes the addresses of the columns and of the index from the table. */
export function begin(): void {
  time = load<u32>(TABLE, 0);
  src = load<u32>(TABLE, 4);
  dst = load<u32>(TABLE, 8);
  key0 = load<u32>(TABLE, 12);
  key1 = load<u32>(TABLE, 16);
  acct0 = load<u32>(TABLE, 20);
  acct1 = load<u32>(TABLE, 24);
  route = load<u32>(TABLE, 28);
  size = load<u32>(TABLE, 32);
  millis = load<u32>(TABLE, 36);
  host = load<u32>(TABLE, 40);
  line = load<u32>(TABLE, 44);
  textLength = load<u32>(TABLE, 48);
  sport = load<u32>(TABLE, 52);
  dport = load<u32>(TABLE, 56);
  status = load<u32>(TABLE, 60);
  content = load<u32>(TABLE, 64);
  flags = load<u32>(TABLE, 68);
  repeat = load<u32>(TABLE, 72);
  kind = load<u32>(TABLE, 76);
  outcome = load<u32>(TABLE, 80);
  direction = load<u32>(TABLE, 84);
  protocol = load<u32>(TABLE, 88);
  tcp = load<u32>(TABLE, 92);
  marks = load<u32>(TABLE, 96);
  lineMarks = load<u32>(TABLE, 100);
  marksCapacity = load<u32>(TABLE, 104);
}

/** Clears what `Batch.begin` clears and no reader here fills. */
// @ts-ignore: decorator
@inline
export function clearRow(row: usize): void {
  store<u32>(acct0 + (row << 2), 0);
  store<u32>(acct1 + (row << 2), 0);
  store<u32>(route + (row << 2), 0);
  store<u16>(textLength + (row << 1), 0);
  store<u16>(status + (row << 1), 0);
  store<u16>(content + (row << 1), 0);
  store<u16>(repeat + (row << 1), 0);
  store<u8>(kind + row, <u8>KIND_FLOW);
}

/** A number as `size` and `millis` hold it: all ones if not known, at most one less. */
// @ts-ignore: decorator
@inline
export function clamp(value: i64): u32 {
  return value < 0 ? 0xffffffff : value > 0xfffffffe ? 0xfffffffe : <u32>value;
}

