/** The page in Spanish. */
import { isAnsweredNo } from '@bellwether/verifier/checking';
import type { Words } from './words.ts';

const FIELDS: Readonly<Record<string, string>> = {
  'name.first': 'Nombre',
  'name.middle': 'Segundo nombre',
  'name.last': 'Apellido',
  'name.suffix': 'Sufijo (Jr., III)',
  'address.number': 'Número de la casa',
  'address.street': 'Calle',
  'address.unit': 'Apartamento o unidad',
  'address.city': 'Ciudad',
  'address.zip': 'Código postal',
  precinct: 'Precinto',
  township: 'Municipio',
  ward: 'Barrio electoral',
  'district.congressional': 'Distrito del Congreso',
  'district.senate': 'Distrito del Senado estatal',
  'district.house': 'Distrito de la Cámara estatal',
  registered: 'Inscrito el',
};

function num(number: number): string {
  return number.toLocaleString('en-US');
}

export const SPANISH: Words = {
  lang: 'es',
  title: 'Comprobar mi inscripción',
  banner: 'Una página pública. No necesita cuenta, y nada de lo que escriba sale de su navegador.',
  intro:
    'Su recibo prueba tres cosas: que su inscripción está en la lista de votantes tal como usted la conoce, que testigos independientes firmaron esa lista en el último día, y que usted está en el libro de su casilla.',
  language: 'Idioma',
  receipt: {
    head: '1. Su recibo',
    label: 'Las letras de su recibo',
    help: 'Vino con la última carta de su oficina electoral. Escriba las letras como están, grandes o pequeñas. Cada línea tiene su propia comprobación.',
    file: 'Abrir un recibo guardado',
    fileHelp: 'O elija el archivo, si le dieron uno.',
    none: '¿No tiene recibo? Pídalo en su oficina electoral: allí lo conocen, y esta página no.',
  },
  card: {
    head: '2. Lo que dice su tarjeta',
    help: 'Escríbalo como está en su tarjeta de votante. Mayúsculas y minúsculas son lo mismo. Deje vacío lo que no esté en ella.',
    field: (name) => FIELDS[name],
  },
  book: {
    head: '3. El libro de su casilla',
    label: 'Dónde vota',
    help: 'Los libros se sellan antes de una elección. Elija el de su precinto.',
    none: 'Todavía no se selló ningún libro. Las oficinas los sellan antes de una elección.',
    choose: 'Elija un lugar',
    place: (place) => (place === 'state' ? 'todo el estado' : place.replace('/', ', precinto ')),
  },
  check: 'Comprobar mi inscripción',
  checking: 'Comprobando',
  answers: 'Respuestas',
  tags: { yes: 'Sí', no: 'No', open: 'Sin respuesta' },
  noReceipt: {
    head: 'No se puede leer el recibo.',
    lines: ['Compárelo con su carta, línea por línea. Las letras O e I no existen: son 0 y 1.'],
  },
  away: {
    head: 'La lista no responde.',
    lines: ['Inténtelo en un minuto. Si sigue así, llame a su oficina electoral.'],
  },
  oldBrowser: {
    head: 'Este navegador es demasiado viejo para esta página.',
    lines: [
      'No puede comprobar las firmas de los testigos. Use uno más nuevo: Firefox, Chrome, Edge o Safari de 2025.',
    ],
  },
  sealed: {
    question: '¿Se selló la lista anoche, y la firmaron testigos?',
    yes: ({ origin, records, sealedAt, signed, of, at }) => [
      `La firmaron ${num(signed)} de ${num(of)} testigos. A las ${at} ya eran suficientes.`,
      sealedAt === null
        ? `Es la primera lista de ${origin}, con ${num(records)} inscripciones. Todavía no se selló ninguna noche.`
        : `La lista de ${origin} se selló a las ${sealedAt}, con ${num(records)} inscripciones.`,
    ],
  },
  record: {
    question: '¿Está mi inscripción en la lista, tal como la conozco?',
    yes: (version) => [
      'Está, y dice exactamente lo que usted escribió.',
      version === 1
        ? 'Nunca se cambió desde que empezó la lista.'
        : `Es la versión ${num(version)} de su inscripción.`,
    ],
  },
  pollBook: {
    question: '¿Estoy en el libro de mi casilla?',
    yes: ({ place, day, rows }) => [
      `Su inscripción está en el libro de ${place}, sellado el ${day} con ${num(rows)} votantes, y dice lo mismo.`,
    ],
    none: 'No eligió ningún libro.',
  },
  before: 'Esto solo se puede responder cuando la pregunta anterior se responde con sí.',
  no: {
    sealed: ['Llame a su oficina electoral y a uno de los testigos.'],
    record: [
      'Revise primero lo que escribió: una letra de más o de menos da otra respuesta. Revise que el recibo sea el más nuevo.',
      'Si sigue así, llame a su oficina electoral con el recibo en la mano. Puede votar de todos modos: pida una boleta provisional si hace falta.',
    ],
    pollBook: [
      'Llame ahora a su oficina electoral, con el recibo en la mano, para que se corrija antes del día de la elección.',
      'Puede votar de todos modos: pida una boleta provisional si hace falta.',
    ],
  },
  open: (error) => [
    isAnsweredNo(error) ? 'La comprobación dice que no.' : 'Algo no se pudo leer.',
    'Inténtelo más tarde. Si sigue así, llame a su oficina electoral.',
    error.detail,
  ],
  limits: {
    head: 'Lo que esto no prueba',
    lines: [
      'Que sea verdad lo que le dijeron a la oficina sobre usted.',
      'Que el libro sobre la mesa sea el archivo que se selló. Los funcionarios allí pueden comprobarlo.',
      'Que los testigos sean independientes entre sí: sus nombres son públicos, para que usted juzgue.',
    ],
  },
  learned: {
    head: 'Lo que el servidor llega a saber',
    lines: [
      'Que alguien pidió un grupo de al menos 64 inscripciones y un libro. No cuál de ellas es la suya.',
    ],
  },
  trust: {
    head: 'Si no confía en esta página',
    lines: [
      'Viene del servidor cuya lista comprueba. El comprobador sin red es un solo archivo: guárdelo, compare su SHA-256 con lo que otros publicaron, y compruébelo todo sin red.',
    ],
  },
  save: 'Guardar el comprobador sin red',
  policy: (hash) => `Qué firmas cuentan lo dice una regla cuyo SHA-256 es ${hash}. Compárela con un testigo.`,
};
