/**
 * What a message wants of its reader: phrases by which lures ask, in English and Spanish. A phrase alone proves nothing, since honest
 * mail asks for the same things; decide/ joins it with who asks and where the answer goes. All patterns are linear: alternations of
 * fixed words with bounded gaps.
 */
import type { Signal } from '../../signal.ts';
import type { OpenedLink } from '../opened.ts';
import { plainWords } from './plain-words.ts';

/** A lure: its code, and phrases of which one is enough. */
type Lure = { readonly code: string; readonly phrases: readonly RegExp[] };

/** Words between two that belong together. */
const GAP = String.raw`(?: \S{1,30}){0,4} `;

function phrase(...parts: readonly string[]): RegExp {
  return new RegExp(String.raw`(?:^|[^\p{L}\p{N}])(${parts.join(GAP)})(?![\p{L}\p{N}])`, 'u');
}

const LURES: readonly Lure[] = [
  {
    code: 'asks-to-sign-in',
    phrases: [
      phrase(
        '(?:verify|confirm|validate|update|reactivate|restore|unlock)',
        '(?:account|mailbox|password|identity|credentials|e-?mail|profile|information)',
      ),
      phrase(
        '(?:log ?in|sign ?in|sign-in)',
        '(?:to (?:view|review|read|release|keep|continue|confirm|verify|access)|below|here|now)',
      ),
      phrase('keep', '(?:same|current) password'),
      phrase(
        '(?:log|sign) ?in',
        '(?:with|using)',
        '(?:your|the)',
        '(?:mail|e-?mail|work|office|account|password|credentials|microsoft|outlook)',
      ),
      phrase(
        '(?:verificar|confirmar|actualizar|validar|reactivar)',
        '(?:cuenta|contrasena|contraseña|correo|identidad|datos)',
      ),
      phrase('(?:inicie|inicia) sesion|(?:inicie|inicia) sesión'),
      phrase('re-?enroll?(?:ment)?', '(?:mfa|multi-?factor|two-?factor|authenticator|2fa)'),
      phrase(
        '(?:mfa|multi-?factor|two-?factor|authenticator|2fa)',
        '(?:re-?enroll?(?:ment)?|expir(?:es?|ed|ing)|reset|re-?register|set ?up again)',
      ),
    ],
  },
  {
    code: 'threatens-account',
    phrases: [
      phrase('password', '(?:expires?|expired|expiring|will expire|has expired)'),
      phrase(
        '(?:account|mailbox|access|e-?mail|storage)',
        '(?:suspended|disabled|deactivated|terminated|closed|blocked|locked|limited|full|almost full|exceeded|restricted)',
      ),
      phrase(
        '(?:unusual|suspicious|unauthori[sz]ed|unrecogni[sz]ed)',
        '(?:sign-?in|login|log-?in|activity|access|attempt)',
      ),
      phrase('(?:held|pending|undelivered|quarantined|blocked|incoming)', '(?:messages?|e-?mails?|mails?)'),
      phrase(
        '(?:cuenta|buzon|buzón|acceso)',
        '(?:suspendida|suspendido|bloqueada|bloqueado|desactivada|cerrada|limitada)',
      ),
      phrase('(?:contrasena|contraseña)', '(?:caduca|vence|expira|ha caducado)'),
    ],
  },
  {
    code: 'asks-for-payment-change',
    phrases: [
      phrase(
        '(?:new|updated?|changed?|different)',
        '(?:bank(?:ing)?|account|wire|wiring|ach|routing|remittance|payment|direct deposit)',
        '(?:details?|information|instructions?|number|account|info)',
      ),
      phrase('(?:change|update|switch)', '(?:direct deposit|payroll|bank account|banking|payment)'),
      phrase(
        '(?:direct deposit|payroll|bank account|banking|routing)',
        '(?:changed|updated|switched|moved|redirected|replaced)',
      ),
      phrase(
        '(?:changed|switched|new|different)',
        'banks?',
        '(?:account|pay|pay ?check|salary|deposit|details)',
      ),
      phrase('(?:account|bank)', 'routing numbers?'),
      phrase(
        '(?:pay|salary|deposit|payments?)',
        '(?:to|into) (?:the|my|our|a) (?:new|other|different) account',
      ),
      phrase(
        "(?:do not|don't|not|nothing|stop)",
        '(?:send|sending|pay|paying|use|using)',
        '(?:former|old|previous) account',
      ),
      phrase('(?:bank|account|routing)', '(?:has|have|was|were) (?:been )?(?:changed|updated|closed)'),
      phrase('(?:nueva|nuevo|nuevos|cambio de)', '(?:cuenta bancaria|datos bancarios)'),
    ],
  },
  {
    code: 'asks-for-payment',
    phrases: [
      phrase(
        '(?:invoice|payment|balance|remittance|statement)',
        '(?:attached|due|overdue|past due|outstanding|enclosed|inquiry|pending|unpaid)',
      ),
      phrase('(?:past due|overdue|outstanding|unpaid)', '(?:invoice|invoices|balance|payment|account)'),
      phrase('(?:process|release|arrange|initiate)', '(?:payment|wire|transfer)'),
      phrase('(?:factura|pago|saldo)', '(?:adjunta|adjunto|vencida|vencido|pendiente)'),
    ],
  },
  {
    code: 'asks-for-favour',
    phrases: [
      phrase('are you (?:at your desk|available|in the office|free|around|busy)'),
      phrase('do you have (?:a moment|a minute|a second|time)'),
      phrase('need', '(?:help|assistance)', '(?:something|urgently|right away|discreetly)'),
      phrase('(?:quick|small|urgent|discreet|confidential)', '(?:task|favor|favour|request|errand)'),
      phrase('gift ?cards?'),
      phrase('(?:cell|mobile|whatsapp|phone) number', '(?:text|reach|message|so)'),
      phrase('(?:send|give|text) me', '(?:cell|mobile|phone|whatsapp|personal) (?:number|phone)'),
      phrase(
        '(?:in|into|entering) a (?:meeting|conference|closed session)',
        "(?:can't|cannot|can not|no|unable)",
      ),
    ],
  },
  {
    code: 'asks-for-records',
    phrases: [
      phrase(
        '(?:send|need|forward|provide|e-?mail|share)',
        '(?:w-?2s?|w-?9s?|1099s?|payroll records?|tax forms?|social security numbers?|employee (?:list|records?)|staff list|voter (?:file|list|roll)|passwords?)',
      ),
      phrase('(?:envie|envíe|enviar|necesito)', '(?:w-?2|nomina|nómina|lista de empleados|padron|padrón)'),
    ],
  },
  {
    code: 'asks-to-call',
    phrases: [
      phrase(
        'call',
        '(?:number|us|our|support|help ?desk|billing|desk|hotline|team|toll|immediately|now|at)',
        String.raw`\+?1?[ (.-]{0,3}\d{3}[ ).-]{1,3}\d{3}[ .-]\d{4}`,
      ),
      phrase('(?:speak|talk|dial|ring)', String.raw`\+?1?[ (.-]{0,3}\d{3}[ ).-]{1,3}\d{3}[ .-]\d{4}`),
      phrase('(?:llame|llamenos|llámenos)', String.raw`\+?1?[ (.-]{0,3}\d{3}[ ).-]{1,3}\d{3}[ .-]\d{4}`),
    ],
  },
  {
    code: 'tells-of-charge',
    phrases: [
      phrase(
        String.raw`\$ ?\d[\d,.]{0,12}`,
        '(?:charged?|debited|billed|deducted|withdrawn|renewed|renewal)',
      ),
      phrase(
        '(?:charge|payment|renewal|debit|invoice|order)',
        String.raw`(?:of|for|is|totals?) \$ ?\d[\d,.]{0,12}`,
      ),
      phrase(
        '(?:renewal|renewed|subscription|charged|auto-?renew(?:al|ed)?|membership|order|purchase)',
        String.raw`(?:\$ ?\d|usd|charged?|debited|renewed|confirmed|processed|cancel)`,
      ),
    ],
  },
  {
    code: 'asks-for-code',
    phrases: [
      phrase(
        '(?:enter|use|type|input|paste)',
        '(?:code|pin)',
        '(?:microsoft|device|sign ?in|log ?in|prompted|page|link|below|at)',
      ),
      phrase('(?:device|verification|access|meeting) code', '[a-z0-9]{4}-?[a-z0-9]{4,5}'),
    ],
  },
  {
    code: 'asks-for-consent',
    phrases: [
      phrase(
        '(?:grant|accept|approve|authori[sz]e|allow|consent)',
        '(?:permissions?|access|app|application|request)',
      ),
    ],
  },
  {
    code: 'hurries',
    phrases: [
      phrase('(?:immediate|urgent|prompt)', '(?:action|attention|response|reply|required)'),
      phrase(
        '(?:within|in the next|in less than)',
        String.raw`(?:\d{1,2}|two|three|twelve|twenty-four|24|48)`,
        '(?:hours?|hrs?|minutes?)',
      ),
      phrase(
        '(?:as soon as possible|asap|right away|before (?:close of business|end of (?:the )?day|midnight|noon)|today only|final (?:notice|reminder|warning))',
      ),
      phrase('(?:urgente|inmediatamente|de inmediato|a la mayor brevedad)'),
    ],
  },
  {
    code: 'asks-for-silence',
    phrases: [
      phrase('(?:keep|treat|handle)', '(?:confidential|between us|private|discreet|quiet)'),
      phrase("(?:do not|don't|please don't)", '(?:discuss|mention|tell|share|forward|call)'),
    ],
  },
  {
    code: 'shares-document',
    phrases: [
      phrase(
        '(?:shared|sent|invited you to)',
        '(?:document|file|folder|spreadsheet|pdf|contract)',
        '(?:with you|you|for)',
      ),
      phrase(
        '(?:document|file|folder|pdf|contract|report)',
        '(?:was|were|has been|have been|is)',
        'shared with you',
      ),
      phrase(
        '(?:view|open|review|download|access)',
        '(?:document|file|attachment|invoice|voicemail|fax|message|contract|scan)',
      ),
      phrase('(?:docusign|adobe sign|hellosign|sharepoint|onedrive|dropbox|google drive|wetransfer)'),
      phrase('(?:new|missed|1 new|received a)', '(?:voicemail|voice message|fax|scan)'),
      phrase('(?:ver|abrir|revisar|descargar)', '(?:documento|archivo|factura|mensaje)'),
    ],
  },
  {
    code: 'asks-to-enable',
    phrases: [
      phrase('(?:enable|click enable|allow)', '(?:content|editing|macros?)'),
      phrase('(?:enable editing|enable content|habilitar (?:contenido|edicion|edición|macros))'),
    ],
  },
  {
    code: 'asks-to-scan',
    phrases: [
      phrase('scan', '(?:qr|code|below|barcode)', '(?:phone|camera|mobile|device|to|below|code)'),
      phrase('(?:qr[ -]?code)'),
      phrase('(?:escanee|escanea)', '(?:codigo|código|qr)'),
    ],
  },
];

/** Sign-in pages that give a device or an application rights: addresses of the providers themselves. */
const CONSENT_PAGES: readonly (readonly [code: string, address: RegExp])[] = [
  [
    'link-device-code',
    /^https:\/\/(?:www\.)?(?:microsoft\.com\/devicelogin|login\.microsoftonline\.com\/common\/oauth2\/deviceauth|google\.com\/device|aka\.ms\/devicelogin)/i,
  ],
  [
    'link-consent',
    /^https:\/\/login\.microsoftonline\.com\/[^?]{1,200}\/(?:oauth2\/)?(?:v2\.0\/)?(?:authorize|adminconsent)\?/i,
  ],
  ['link-consent', /^https:\/\/accounts\.google\.com\/o\/oauth2\//i],
];

/** Password in the text for a file that is locked: `Password: 4471`. */
const FILE_PASSWORD =
  /(?:^|[^\p{L}])(?:password|passcode|pass code|pin|contraseña|clave)(?: (?:is|for|to|the|file|open|archive|document|es|del archivo)){0,4} ?[:=-]? ?["'“]?([\p{L}\p{N}!@#$%&*._-]{3,24})/u;

/** What a bill is called, money, a telephone number, and what one is to do about it: a call-back lure, whatever its words. */
const BILL: readonly RegExp[] = [
  /(?:^|[^\p{L}])(?:invoice|order|subscription|renewal|receipt|purchase|payment|charge|membership)(?![\p{L}])/u,
  /\$ ?\d[\d,.]{1,12}|\d[\d,.]{1,12} ?(?:usd|dollars)/u,
  /(?:^|[^\d])\+?1?[ (.-]{0,3}\d{3}[ ).-]{1,3}\d{3}[ .-]\d{4}(?!\d)/u,
  /(?:^|[^\p{L}])(?:cancel(?:lation)?|refund|dispute|stop|did not order|not you|unauthori[sz]ed|toll free|questions)(?![\p{L}])/u,
];

/** Looks through subject, texts and links of a message. */
export function luresOf(texts: readonly string[], links: readonly OpenedLink[]): Signal[] {
  const plain = plainWords(texts.join(' \n '));
  const signals: Signal[] = [];
  for (const { code, phrases } of LURES) {
    const found = phrases.map((one) => one.exec(plain)?.[1]).find((one) => one !== undefined);
    if (found !== undefined) signals.push({ code, values: { words: found.slice(0, 80) } });
  }
  if (BILL.every((part) => part.test(plain))) signals.push({ code: 'bill-with-number' });
  const codes = new Set<string>();
  for (const { url } of links) {
    const page = CONSENT_PAGES.find(([, address]) => address.test(url));
    if (page === undefined || codes.has(page[0])) continue;
    codes.add(page[0]);
    signals.push({ code: page[0], values: { url: url.slice(0, 120) } });
  }
  return signals;
}

/** The password that a message gives for a file in it; undefined where it gives none. */
export function passwordIn(texts: readonly string[]): string | undefined {
  return FILE_PASSWORD.exec(plainWords(texts.join(' \n ')))?.[1];
}
