/** What is said in Spanish. */
import type { CheckpointFound, Finding, FindingOf } from '../checking/findings.ts';
import { explainFailure, type VerifyError } from '../errors.ts';
import { grouped, minuteOfIso, type Said, type Sentences } from './texts.ts';

function num(number: number | string): string {
  return grouped(number, ',');
}

function count(number: number, one: string, many: string): string {
  return `${num(number)} ${number === 1 ? one : many}`;
}

/** Names that a person can still read at a glance. */
const NAMES_SHOWN = 8;

function cosigned({ witnesses, of, at }: CheckpointFound): string {
  const more = witnesses.length - NAMES_SHOWN;
  const names = witnesses.slice(0, NAMES_SHOWN).join(', ') + (more > 0 ? ` y ${more} más` : '');
  return `Firmaron ${num(witnesses.length)} de ${count(of, 'testigo', 'testigos')}. A las ${minuteOfIso(at)} UTC ya eran suficientes: ${names}.`;
}

const WITNESSES_LIMIT = 'No prueba que los testigos sean independientes. Por eso la regla dice quiénes son.';

const CHECK_WORDS: Readonly<Record<string, string>> = {
  signatures: 'todos los cambios están firmados',
  versions: 'cada cambio sigue al anterior',
  mass: 'ningún cambio masivo pasó con una sola firma',
  quiet: 'se respetó el período de calma',
  signers: 'los nuevos firmantes esperaron lo debido',
};

function policySaid({ hash, logs, witnesses, quorum }: FindingOf<'policy'>): Said {
  return {
    title: 'Esta regla se puede usar.',
    facts: [
      `Su SHA-256 es ${hash}.`,
      `Es para ${logs.join(', ')}, con ${count(witnesses, 'testigo', 'testigos')}. Se necesita: ${quorum}.`,
      'Dos grupos de testigos sin nadie en común nunca bastan los dos.',
    ],
    limits: [
      'No prueba que esta sea la regla que debe usar. Compare su SHA-256 con un testigo, por teléfono.',
    ],
  };
}

function checkpointSaid({ checkpoint }: FindingOf<'checkpoint'>): Said {
  return {
    title: 'Este punto de control es válido.',
    facts: [
      `El registro ${checkpoint.origin} tenía ${num(checkpoint.size)} entradas. Su raíz es ${checkpoint.root}.`,
      cosigned(checkpoint),
    ],
    limits: ['No dice qué hay en el registro. Para eso sirve una prueba o una repetición.', WITNESSES_LIMIT],
  };
}

function proofSaid({ checkpoint, index, entry }: FindingOf<'proof'>): Said {
  return {
    title: `La entrada ${num(index)} está en el registro.`,
    facts: [
      `El registro ${checkpoint.origin} la tiene entre ${num(checkpoint.size)} entradas.`,
      cosigned(checkpoint),
      ...(entry === null ? [] : [`La entrada dice: ${entry}`]),
    ],
    limits: [
      'No prueba que sea verdad lo que dice la entrada. Prueba que se dijo, y que nadie lo puede borrar.',
      WITNESSES_LIMIT,
    ],
  };
}

function receiptSaid(found: FindingOf<'receipt'>): Said {
  const { checkpoint, version, epoch, sealedAt, records, withFields } = found;
  const state =
    sealedAt === null
      ? 'la primera lista'
      : `la noche ${num(epoch ?? 0)}, sellada a las ${minuteOfIso(sealedAt)} UTC`;
  return {
    title: withFields
      ? 'Sus datos están en la lista, tal como usted los tiene.'
      : 'Hay datos con su número en la lista.',
    facts: [
      `Están entre ${num(records)} de ${state}.`,
      ...(withFields
        ? [`La versión ${version}, con estos datos públicos exactos, es la que está ahora.`]
        : []),
      `El sello está en el registro ${checkpoint.origin}.`,
      cosigned(checkpoint),
    ],
    limits: [
      withFields
        ? 'No muestra sus otros datos, como la fecha de nacimiento. Están sellados, y este recibo no los abre.'
        : 'No prueba qué dicen sus datos. Para eso, escriba también los datos.',
      'No prueba que la lista de su casilla tenga los mismos datos.',
      WITNESSES_LIMIT,
    ],
  };
}

function nightSaid({ checkpoint, index, text, isOfLastSeal }: FindingOf<'night'>): Said {
  return {
    title: 'Esta declaración se publicó, letra por letra.',
    facts: [
      `Es la entrada ${num(index)} del registro ${checkpoint.origin}.`,
      cosigned(checkpoint),
      isOfLastSeal
        ? 'Habla de la noche más nueva del registro.'
        : 'Hay en el registro una noche más nueva que esta.',
      'El texto original, en inglés:',
      ...text.split('\n').filter((line) => line !== ''),
    ],
    limits: [
      'No prueba que cada frase sea verdad. Prueba quién lo dijo, y que no se puede cambiar. Repita el registro para revisar los números.',
      WITNESSES_LIMIT,
    ],
  };
}

function witnessSaid(found: FindingOf<'witness'>): Said {
  const { checkpoint, witness, time, size, done, notDone, refused, rows, opened } = found;
  const words = (check: string): string => CHECK_WORDS[check] ?? check;
  return {
    title:
      refused.length > 0 ? `${witness} dice que algo está mal en el registro.` : `${witness} declaró esto.`,
    facts: [
      `Revisó el registro hasta ${num(size)} entradas, a las ${minuteOfIso(time)} UTC, y el registro sigue desde allí.`,
      ...done.map((check) => `Revisó que ${words(check)}.`),
      ...refused.map(
        ({ check, entry }) => `Rechaza la entrada ${num(entry)}. No es cierto que ${words(check)}.`,
      ),
      rows === null ? 'No comparó datos propios.' : `Comparó ${num(rows)} de sus propios datos, y coinciden.`,
      ...(opened === null ? [] : [`Comparó ${num(opened)} registros elegidos al azar, y coinciden.`]),
      cosigned(checkpoint),
    ],
    limits: [
      ...notDone.map((check) => `No revisó si ${words(check)}.`),
      'Es lo que dice este testigo. Repita el registro para verlo usted.',
    ],
  };
}

function replaySaid(found: FindingOf<'replay'>): Said {
  const { checkpoint, policyFrom, origin, size, genesis, genesisDay, firstRecords, nights, roots } = found;
  const { batches, items, signatures, lastAt, records, unauthorised, captures, state } = found;
  const bad = unauthorised !== null && unauthorised > 0;
  return {
    title: bad ? 'El registro es válido. Habla de cambios que nadie firmó.' : 'Todo el registro es válido.',
    facts: [
      `Se leyeron las ${num(size)} entradas de ${origin}, y siguen las reglas.`,
      `Empezó el ${genesisDay} con los datos de ${count(firstRecords, 'votante', 'votantes')}. El SHA-256 de su primera entrada es ${genesis}.`,
      `${count(items, 'cambio', 'cambios')} en ${count(batches, 'grupo', 'grupos')}, ${count(signatures, 'firma', 'firmas')}: todo es correcto.`,
      `Se calcularon otra vez ${num(roots)} de ${count(nights, 'raíz nocturna', 'raíces nocturnas')}: todas son las publicadas.`,
      ...(lastAt === null || records === null
        ? ['Todavía no se selló ninguna noche.']
        : [
            `La última noche, sellada a las ${minuteOfIso(lastAt)} UTC, tiene los datos de ${count(records, 'votante', 'votantes')}.`,
          ]),
      ...(bad
        ? [
            `Esa noche el propio estado dijo que ${num(unauthorised)} no coinciden con lo que firmaron las oficinas.`,
          ]
        : []),
      `El estado es ahora ${state}.`,
      ...(checkpoint === null ? [] : [cosigned(checkpoint)]),
      ...(policyFrom === 'log' ? ['Los testigos son los que nombra el propio registro.'] : []),
    ],
    limits: [
      ...(checkpoint === null
        ? ['Nadie es testigo de este registro todavía. A su vecino le pueden mostrar otro.']
        : []),
      ...(roots < nights ? ['No se calcularon otra vez las raíces de las noches anteriores.'] : []),
      'No prueba que la primera lista, al comienzo, fuera correcta.',
      'No prueba que un cambio firmado por una oficina fuera verdad.',
      ...(captures === 'dumps'
        ? ['No se ven los cambios hechos y deshechos entre dos lecturas de la lista.']
        : []),
      'No mira la base de datos en uso: de eso responde con su firma el lector del estado.',
    ],
  };
}

function sheetSaid({ words, office, day, sequence, changes, root }: FindingOf<'sheet'>): Said {
  return {
    title: words.join(' · '),
    facts: [
      `Estas cuatro palabras representan ${count(changes, 'cambio', 'cambios')}: oficina ${office}, ${day}, hoja ${num(sequence)}.`,
      `Se calcularon aquí, solo con el archivo. La raíz es ${root}.`,
      'Compárelas con las cuatro palabras de su pantalla. Si son otras, no firme, y llame a la oficina del estado.',
    ],
    limits: ['No prueba que los cambios sean correctos. Mire cada uno antes de firmar.'],
  };
}

type Failure = { readonly message: string; readonly help: string };

const AGAIN = 'Consiga el archivo otra vez. Si sigue igual, no confíe en él, y llame a un testigo.';
const COPY = 'Esta copia está dañada o cambiada. Guárdela, consiga otra, y llame a un testigo.';

const FAILURES: Readonly<Partial<Record<VerifyError['code'], Failure>>> = {
  VERIFY_UNREADABLE: {
    message: 'No se puede leer lo que hay que revisar.',
    help: 'Mire si es el archivo que usted quiere, y si está completo.',
  },
  VERIFY_LOG_AWAY: {
    message: 'Falta una parte del registro.',
    help: 'Copie el registro otra vez. Sirve cualquier copia.',
  },
  VERIFY_NOT_FRESH: {
    message: 'Lo que firmaron suficientes testigos es demasiado viejo.',
    help: 'Pregunte más tarde. Si sigue igual, el registro se detuvo o se lo esconden: llame a la oficina del estado y a un testigo.',
  },
  VERIFY_NOT_IN_LOG: {
    message: 'Esto no está en el registro.',
    help: 'No confíe en ello. Pregunte de dónde viene.',
  },
  VERIFY_ENTRIES_DIFFER: { message: 'Las entradas no son las que vieron los testigos.', help: COPY },
  VERIFY_RECORD_DIFFERS: {
    message: 'La lista tiene algo distinto de lo que usted tiene.',
    help: 'Llame a su oficina electoral con su recibo en la mano.',
  },
  VERIFY_NO_ROLL: {
    message: 'En este registro no se ha sellado ninguna lista.',
    help: 'Espere la primera noche, o mire si es el registro correcto.',
  },
  VERIFY_OTHER_GENESIS: {
    message: 'Este registro tiene otro comienzo que el que usted indicó.',
    help: 'No confíe en él. Compare el SHA-256 con quien se lo dio.',
  },
  VERIFY_OTHER_LOG: {
    message: 'Esto es de otro registro.',
    help: 'Use la regla y la copia del registro correcto.',
  },
  VERIFY_STOPPED: {
    message: 'La revisión se detuvo antes de terminar.',
    help: 'Hasta ahora no se vio nada malo, y nada está probado. Empiece otra vez.',
  },
  EVIDENCE_MALFORMED: { message: 'Esto no tiene la forma que pide su norma.', help: AGAIN },
  EVIDENCE_UNSIGNED: {
    message: 'Nadie en quien usted confía firmó esto.',
    help: 'Mire si usa la regla de este registro.',
  },
  EVIDENCE_SIGNATURE_WRONG: {
    message: 'Una firma no corresponde a lo firmado.',
    help: 'No confíe en ello: se cambió después de firmarlo.',
  },
  EVIDENCE_PROOF_WRONG: { message: 'La prueba no lleva a la raíz.', help: AGAIN },
  EVIDENCE_TILE_MISSING: {
    message: 'Falta una parte del registro, o está cortada.',
    help: 'Copie otra vez la parte que se nombra.',
  },
  EVIDENCE_QUORUM_SPLITS: {
    message: 'Con esta regla, dos grupos de testigos sin nadie en común podrían decir cosas distintas.',
    help: 'Pida una regla que exija más de la mitad de los testigos.',
  },
  EVIDENCE_QUORUM_MISSED: {
    message: 'Muy pocos testigos firmaron esto.',
    help: 'Espere unos minutos y pregunte otra vez.',
  },
  ROLLS_ENTRY_MALFORMED: {
    message: 'Una entrada del registro no tiene la forma debida.',
    help: 'Guarde una copia, y avise a los testigos.',
  },
  ROLLS_FOLD_REFUSED: {
    message: 'El registro cambia la lista de un modo que sus propias reglas prohíben.',
    help: 'Guarde una copia, y llame a la oficina del estado y a los testigos.',
  },
  ROLLS_SIGNATURE_WRONG: {
    message: 'Un grupo de cambios no está firmado como se debe.',
    help: 'No confíe en él. Avise a la oficina.',
  },
  ROLLS_STATE_DIFFERS: { message: 'Lo calculado no es la raíz publicada.', help: COPY },
  ROLLS_RECEIPT_MALFORMED: {
    message: 'Esto no es un recibo.',
    help: 'Escríbalo otra vez. La última letra de cada línea revisa las demás.',
  },
};

function found(finding: Finding): Said {
  switch (finding.kind) {
    case 'policy':
      return policySaid(finding);
    case 'checkpoint':
      return checkpointSaid(finding);
    case 'proof':
      return proofSaid(finding);
    case 'receipt':
      return receiptSaid(finding);
    case 'night':
      return nightSaid(finding);
    case 'witness':
      return witnessSaid(finding);
    case 'replay':
      return replaySaid(finding);
    case 'sheet':
      return sheetSaid(finding);
  }
}

/** Spanish. */
export const SPANISH: Sentences = {
  limitsHead: 'Lo que esto no prueba',
  found,
  failed: (error) => FAILURES[error.code] ?? explainFailure(error),
  page: {
    title: 'Revíselo usted',
    banner: 'Esta página trabaja en su propia computadora. No envía nada y no necesita red.',
    intro:
      'Vea usted mismo qué dice el registro de votantes de un estado, y quién lo firmó. No tiene que confiar en quien le dio los archivos.',
    language: 'Idioma',
    policy: {
      head: '1. Quién debe haber firmado',
      help: 'La regla nombra a los testigos. Consígala de un testigo en quien confíe, no del registro.',
      label: 'Elija el archivo de la regla',
      none: 'Todavía no hay regla.',
    },
    used: (name) => `En uso: ${name}`,
    pin: {
      summary: 'Más: el comienzo, y otro día',
      genesis: 'SHA-256 de la primera entrada',
      genesisHelp: '64 cifras y letras de la a a la f. Se rechaza un registro con otro comienzo.',
      at: 'Juzgar como a esta hora (UTC)',
      atHelp: 'Déjelo vacío para ahora. Las firmas pueden tener 26 horas a esa hora.',
      badGenesis: 'El SHA-256 tiene 64 cifras y letras de la a a la f.',
      badTime: 'Escriba la hora así: 2026-11-03 02:31.',
    },
    log: {
      head: '2. Una copia del registro',
      help: 'Hace falta para declaraciones, para recibos y para repetir el registro. Los archivos se quedan en su computadora.',
      label: 'Elija la carpeta del registro',
      none: 'Todavía no hay registro.',
      noCheckpoint: 'En esta carpeta no hay un registro: falta un archivo que se llama checkpoint.',
      chosen: (files) => `En uso: ${count(files, 'archivo', 'archivos')}`,
      last: 'Calcular solo la raíz de la última noche (más rápido)',
      replay: 'Repetir todo el registro',
      replayNeeds: 'Elija primero la carpeta del registro.',
      stop: 'Parar',
      state: 'Leyendo la primera lista',
      entries: 'Repitiendo el registro',
    },
    file: {
      head: '3. ¿Qué quiere revisar?',
      help: 'Una prueba (.tlog-proof), un punto de control, una declaración, un recibo, o la hoja de una oficina.',
      label: 'Elija archivos',
      drop: 'o suéltelos aquí',
      checking: 'Revisando',
      words: 'Las cuatro palabras tardan un momento.',
    },
    entry: {
      label: 'La entrada, si la prueba no la tiene',
      choose: 'Elija el archivo de la entrada',
      help: 'Solo para pruebas.',
    },
    typed: {
      head: 'Escriba un recibo',
      help: 'Escriba las líneas de letras como están impresas. No importan las minúsculas ni los espacios.',
      label: 'Letras del recibo',
      fields: 'Lo que deben decir los datos',
      fieldsHelp: 'Si quiere: un dato público en cada línea, como name.last: Smith',
      check: 'Revisar este recibo',
      badField: 'Escriba cada dato así: name.last: Smith',
    },
    results: {
      head: 'Respuestas',
      none: 'Todavía no se revisó nada.',
      yes: 'Sí',
      no: 'No',
      open: 'No se pudo revisar',
      what: 'Qué hacer',
    },
    needsPolicy: 'Elija primero la regla (paso 1).',
    needsLog: 'Elija primero la carpeta del registro (paso 2).',
    unknownFile: 'Este archivo no es nada que se pueda revisar aquí.',
    oldBrowser: 'Este navegador no puede revisar firmas Ed25519. Use uno más nuevo.',
  },
};
