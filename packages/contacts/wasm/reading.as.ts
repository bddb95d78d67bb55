/**
 * The hot part of reading Zeek's conn.log and Suricata's EVE, for WebAssembly with SIMD (AssemblyScript). The plain
 * readers in ../src/reading are what it must agree with, line by line; whatever is unusual in a line is handed to them.
 */
export { conn, mapColumns } from './conn.as';
export { eve } from './eve.as';
export { index, skipLine } from './lines.as';
export { begin } from './table.as';
