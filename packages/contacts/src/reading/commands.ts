/**
 * Injection of operating-system commands, on a decoded target (see decoding.ts).
 */
import { EQUALS } from './decoding.ts';
import { isDigit, isEnd, isLetter, isName, isQuote, nameAt, nameEnd, skipBlanks } from './lexing.ts';

/** Commands whose names are nothing else: behind a separator they suffice. */
const PLAIN = new Set(
  (
    'wget curl whoami uname ifconfig ipconfig netstat nslookup bash zsh ksh ncat netcat tftp busybox mkfifo chmod chown ' +
    'powershell pwsh certutil mshta bitsadmin rundll32 regsvr32 systeminfo tasklist lscpu hostnamectl phpinfo nohup ' +
    'crontab iptables python2 python3 perl lwp-download ftpget printenv passwd socat telnet xxd tcpdump cscript wscript'
  ).split(' '),
);

/** Commands that are also words: only with something that looks like a command's argument. */
const COMMON = new Set(
  (
    'cat ls id dir type ping echo sleep rm cp mv touch sh ps pwd env set net nc dig host php python ruby node kill head ' +
    'tail more less find grep awk sed date cd who w printf eval exec test export tee sort cmd copy del reg ver start ' +
    'timeout locate uptime df du which mount tar base64 sudo su'
  ).split(' '),
);

/** Where a command's name ends: names hold dashes and may be given with their path. */
function commandEnd(text: Uint8Array, at: number, end: number): number {
  let i = nameEnd(text, at, end);
  if (text[i] === 45 && isLetter(text[i + 1])) i = nameEnd(text, i + 1, end);
  return i;
}

/** Whether a command line begins at `at`: behind a separator, in a sub-shell or as the value of `cmd=`. */
function commandAt(text: Uint8Array, at: number, end: number, alone: boolean): boolean {
  let begin = skipBlanks(text, at, end);
  while (text[begin] === 39 || text[begin] === 34 || text[begin] === 92) begin++;
  if (text[begin] === 47) {
    // /bin/cat, /usr/bin/id
    let i = begin;
    let last = begin;
    while (i < end && i - begin < 40 && (isName(text[i]) || text[i] === 47)) {
      if (text[i] === 47) last = i;
      i++;
    }
    const folder = nameAt(text, begin + 1, nameEnd(text, begin + 1, end));
    if (folder !== 'bin' && folder !== 'usr' && folder !== 'sbin') return false;
    begin = last + 1;
    alone = true;
  }
  const stop = commandEnd(text, begin, end);
  const name = nameAt(text, begin, stop);
  if (name === '') return false;
  if (PLAIN.has(name)) return !isLetter(text[stop]) && text[stop] !== 61;
  if (!COMMON.has(name)) return false;
  if (isEnd(text, stop, end)) return alone;
  const next = text[stop];
  if (next === 59 || next === 124 || next === 96 || next === 62 || next === 38 || next === 10 || next === 13)
    return alone;
  if (next === 36 || next === 60) return true;
  if (next === 41) return alone;
  const argument = skipBlanks(text, stop, end);
  if (argument === stop) return false;
  const first = text[argument];
  if (first === 45) return isLetter(text[argument + 1]) || isDigit(text[argument + 1]);
  if (first === 46)
    return text[argument + 1] === 46 || text[argument + 1] === 47 || isEnd(text, argument + 1, end);
  if (first === 47 || first === 36 || first === 92 || first === 126 || first === 42 || first === 37)
    return true;
  if (isDigit(first) || isQuote(first))
    return name !== 'set' && name !== 'test' && name !== 'date' && name !== 'type';
  const word = nameAt(text, argument, nameEnd(text, argument, end));
  if (name === 'net') return word === 'user' || word === 'view' || word === 'localgroup';
  if (name === 'cd') return word === 'tmp' || word === 'var';
  return (
    (name === 'ping' || name === 'echo' || name === 'touch' || name === 'dig' || name === 'nc') &&
    alone &&
    word !== ''
  );
}

/** A separator of a shell at `at`: `;`, `|`, `&`, a line end. */
export function commandAtSeparator(text: Uint8Array, at: number, end: number): boolean {
  let before = at - 1;
  while (before >= 0 && text[before] === 32) before--;
  const byte = before < 0 ? 47 : text[before]!;
  // a|id may be a list of fields, 127.0.0.1;id is not.
  const alone = !isLetter(byte);
  let next = at + 1;
  if (text[next] === text[at]) next++;
  return commandAt(text, next, end, alone);
}

/** A back quote or `$(` whose command begins at `at`. */
export function commandAtSubshell(text: Uint8Array, at: number, end: number): boolean {
  return commandAt(text, at, end, true);
}

/** `cmd=`, ending before `at`, with a command for its value. */
export function commandParameter(text: Uint8Array, from: number, at: number, end: number): boolean {
  if (isLetter(text[from - 1])) return false;
  if (text[at - 1] !== EQUALS && text[at - 1] !== 61) return false;
  return commandAt(text, at, end, true);
}

/** `wget`, `curl`, ending before `at`, with something to fetch. */
export function fetches(text: Uint8Array, from: number, at: number, end: number): boolean {
  if (isLetter(text[from - 1])) return false;
  const next = skipBlanks(text, at, end);
  if (next === at && text[at] !== 36) return false;
  const word = nameAt(text, next, nameEnd(text, next, end));
  if (word === 'http' || word === 'https' || word === 'ftp' || text[next] === 45 || text[next] === 36)
    return true;
  // An address; `curl 7.12` is a version.
  let dots = 0;
  for (let i = next; i < end && (isDigit(text[i]) || text[i] === 46); i++) if (text[i] === 46) dots++;
  return isDigit(text[next]) && dots === 3;
}

/** `exec(`, `system(` and the like, ending before `at`, with an argument that no sentence has. */
export function codeCall(text: Uint8Array, at: number, end: number): boolean {
  const next = skipBlanks(text, at, end);
  const byte = text[next];
  if (isQuote(byte) || byte === 36 || byte === 92) return true;
  const stop = nameEnd(text, next, end);
  return text[stop] === 40 || PLAIN.has(nameAt(text, next, stop));
}
