/** Characters of a text part: by the charset that it states, else by what its bytes look like. */

/** Names that mail uses and that the Encoding Standard does not know. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  'cp-850': 'windows-1252',
  cp850: 'windows-1252',
  ansi: 'windows-1252',
  'utf-7': 'utf-8',
  unicode: 'utf-8',
  'unicode-1-1-utf-7': 'utf-8',
  '8bit': 'utf-8',
  ks_c_5601: 'euc-kr',
};

const decoders = new Map<string, InstanceType<typeof TextDecoder>>();
const strict = new TextDecoder('utf-8', { fatal: true });

/** Decodes; never fails: what cannot be read is shown as such. */
export function decodeText(bytes: Buffer, charset: string | undefined): string {
  const name = (charset ?? '').trim().toLowerCase();
  if (name === '' || name === 'us-ascii' || name === 'ascii' || name === 'utf-8' || name === 'utf8') {
    // Programs state ASCII and write UTF-8, or state nothing and write windows-1252.
    try {
      return strict.decode(bytes);
    } catch {
      return decoderOf(name.startsWith('utf') ? 'utf-8' : 'windows-1252').decode(bytes);
    }
  }
  return decoderOf(OTHER_NAMES[name] ?? name).decode(bytes);
}

function decoderOf(name: string): InstanceType<typeof TextDecoder> {
  let decoder = decoders.get(name);
  if (decoder !== undefined) return decoder;
  try {
    decoder = new TextDecoder(name);
  } catch {
    // A name that nobody knows is not remembered: senders could make up names without end.
    return decoderOf('windows-1252');
  }
  decoders.set(name, decoder);
  return decoder;
}
