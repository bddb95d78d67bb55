/** An aggregate report out of its XML (RFC 7489, appendix C; RFC 9990). Elements that nobody knows are passed over. */
import { err, ok, type Result } from '@bellwether/basics';
import type {
  DkimSeen,
  DmarcReport,
  DmarcRow,
  PolicyOverride,
  PublishedPolicy,
  SpfSeen,
} from './dmarc-report.ts';
import type { DomainReportError } from './errors.ts';
import {
  addressOf,
  countOf,
  domainOf,
  msOfSeconds,
  oneOf,
  shownText,
  unreadCount,
  wordOf,
} from './fields.ts';
import { DOMAIN_REPORT_LIMITS } from './limits.ts';
import { walkXml, type XmlElement, type XmlFault } from './xml.ts';

const REQUESTS = ['none', 'quarantine', 'reject'] as const;

/** Of one row: senders sign a few times, and forwarders add theirs. */
const MOST_SEEN = 100;

const FAULTS: Readonly<Record<XmlFault, string>> = {
  declaration: 'it begins a declaration (`<!`)',
  depth: 'elements in elements without end',
  name: 'an element has a name without end',
  attributes: 'an element has more attributes than any needs',
  elements: 'it has more elements than any report',
};

/** Reads a report. Rows that cannot be read are counted and told; the rest is kept. */
export function readDmarcXml(xml: string): Result<DmarcReport, DomainReportError> {
  const found = { policy: [] as XmlElement[], metadata: [] as XmlElement[] };
  const rows: DmarcRow[] = [];
  const unread = unreadCount();
  let records = 0;
  let rowsLeftOut = 0;
  const walked = walkXml(xml, (child) => {
    if (child.name === 'policy_published') found.policy.push(child);
    else if (child.name === 'report_metadata') found.metadata.push(child);
    else if (child.name === 'record') {
      records += 1;
      if (rows.length >= DOMAIN_REPORT_LIMITS.rows) {
        rowsLeftOut += 1;
        return;
      }
      const row = rowOf(child);
      if (typeof row === 'string') unread.add(records, row);
      else rows.push(row);
    }
  });
  if (walked.isErr()) {
    const code = walked.error === 'declaration' ? 'DOMAIN_REPORT_FORBIDDEN' : 'DOMAIN_REPORT_UNREADABLE';
    return err({ code, detail: FAULTS[walked.error] });
  }
  const unreadable = (detail: string): Result<DmarcReport, DomainReportError> =>
    err({ code: 'DOMAIN_REPORT_UNREADABLE', detail });
  if (walked.value.root !== 'feedback') return unreadable('its first element is not <feedback>');
  const [published, second] = found.policy;
  if (published === undefined) return unreadable('it has no <policy_published>');
  if (second !== undefined) return unreadable('it has more than one <policy_published>');
  const domain = domainOf(textIn(published, 'domain'));
  if (domain === null) return unreadable('<policy_published> has no <domain> that is one');
  // More than one would be guessed between.
  const metadata = found.metadata.length === 1 ? found.metadata[0]! : NOTHING;
  return ok({
    ...metadataOf(metadata),
    policy: policyOf(published, domain),
    rows,
    unread: unread.all(),
    rowsLeftOut,
    isWhole: walked.value.isWhole,
  });
}

const NOTHING: XmlElement = { name: '', text: '', children: [], isBroken: false };

type Metadata = Pick<
  DmarcReport,
  'organisation' | 'email' | 'contact' | 'reportId' | 'generator' | 'from' | 'to' | 'errors'
>;

function metadataOf(metadata: XmlElement): Metadata {
  const range = only(metadata, 'date_range') ?? NOTHING;
  const from = msOfSeconds(textIn(range, 'begin'));
  const to = msOfSeconds(textIn(range, 'end'));
  const isBackwards = from !== null && to !== null && from > to;
  return {
    organisation: shownText(textIn(metadata, 'org_name')),
    email: shownText(textIn(metadata, 'email')),
    contact: shownText(textIn(metadata, 'extra_contact_info')),
    reportId: shownText(textIn(metadata, 'report_id')),
    generator: shownText(textIn(metadata, 'generator')),
    from: isBackwards ? null : from,
    to: isBackwards ? null : to,
    errors: all(metadata, 'error')
      .map(({ text }) => shownText(text))
      .filter((text) => text !== null)
      .slice(0, DOMAIN_REPORT_LIMITS.told),
  };
}

function policyOf(published: XmlElement, domain: string): PublishedPolicy {
  const pct = countOf(textIn(published, 'pct'));
  const testing = oneOf(['y', 'n'], textIn(published, 'testing'));
  return {
    domain,
    p: oneOf(REQUESTS, textIn(published, 'p')),
    sp: oneOf(REQUESTS, textIn(published, 'sp')),
    np: oneOf(REQUESTS, textIn(published, 'np')),
    adkim: oneOf(['r', 's'], textIn(published, 'adkim')),
    aspf: oneOf(['r', 's'], textIn(published, 'aspf')),
    pct: pct !== null && pct <= 100 ? pct : null,
    testing: testing === null ? null : testing === 'y',
    discovery: oneOf(['psl', 'treewalk'], textIn(published, 'discovery_method')),
  };
}

/** The row of a record, or why it cannot be read. */
function rowOf(record: XmlElement): DmarcRow | string {
  if (record.isBroken) return 'an element in it is not closed, or is too large';
  const row = only(record, 'row');
  if (row === null) return 'it does not have one <row>';
  const source = addressOf(textIn(row, 'source_ip'));
  if (source === null) return 'its <source_ip> is no address';
  const count = countOf(textIn(row, 'count'));
  if (count === null) return 'its <count> is no number of messages';
  const evaluated = only(row, 'policy_evaluated') ?? NOTHING;
  // `identities` is what a draft called them, and some still do.
  const names = only(record, 'identifiers') ?? only(record, 'identities') ?? NOTHING;
  const results = only(record, 'auth_results') ?? NOTHING;
  return {
    source,
    count,
    disposition: oneOf([...REQUESTS, 'pass'], textIn(evaluated, 'disposition')),
    dkim: oneOf(['pass', 'fail'], textIn(evaluated, 'dkim')),
    spf: oneOf(['pass', 'fail'], textIn(evaluated, 'spf')),
    overrides: all(evaluated, 'reason')
      .map(overrideOf)
      .filter((override) => override !== null),
    headerFrom: domainOf(textIn(names, 'header_from')),
    envelopeFrom: domainOf(textIn(names, 'envelope_from')),
    envelopeTo: domainOf(textIn(names, 'envelope_to')),
    dkimSeen: all(results, 'dkim').map(dkimOf),
    spfSeen: all(results, 'spf').map(spfOf),
  };
}

/** Some receivers write an empty reason where there is none. */
function overrideOf(reason: XmlElement): PolicyOverride | null {
  const type = wordOf(textIn(reason, 'type'));
  return type === null ? null : { type, comment: shownText(textIn(reason, 'comment')) };
}

function dkimOf(dkim: XmlElement): DkimSeen {
  return {
    domain: domainOf(textIn(dkim, 'domain')),
    selector: domainOf(textIn(dkim, 'selector')),
    result: wordOf(textIn(dkim, 'result')),
  };
}

function spfOf(spf: XmlElement): SpfSeen {
  return {
    domain: domainOf(textIn(spf, 'domain')),
    scope: oneOf(['mfrom', 'helo'], textIn(spf, 'scope')),
    result: wordOf(textIn(spf, 'result')),
  };
}

/** The one child of that name; null where there is none, or more than one to choose between. */
function only({ children }: XmlElement, name: string): XmlElement | null {
  const found = children.filter((child) => child.name === name);
  return found.length === 1 ? found[0]! : null;
}

function textIn(element: XmlElement, name: string): string | undefined {
  const child = only(element, name);
  return child === null || child.isBroken ? undefined : child.text;
}

function all({ children }: XmlElement, name: string): readonly XmlElement[] {
  return children.filter((child) => child.name === name).slice(0, MOST_SEEN);
}
