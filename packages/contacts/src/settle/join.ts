/**
 * How a further line about a contact that is already counted settles it anew.
 *
 * Lines of an application (a web request, a login) know more than lines about packets, so they win. Between lines of
 * the same level the table's precedence decides, except that an open question gives way to any answer. What came through
 * stays so, unless a line that knows more says that it was refused or may come in. The order of lines changes nothing.
 */
import { Kind } from '../contact.ts';
import { Disposition, dispositionRank, R, ruleDisposition, ruleOpen } from './dispositions.ts';

/** How much a kind of line knows: transport, alert, application. */
export function levelOf(kind: number): number {
  if (kind === Kind.web || kind === Kind.login) return 2;
  return kind === Kind.alert ? 1 : 0;
}

/**
 * The rule of a contact after another line about it. `had` and `hadLevel` are what it has, `rule` and `level` what the
 * new line alone would get.
 */
export function join(had: number, hadLevel: number, rule: number, level: number): number {
  if (had === R['attack-seen']) return afterAlert(rule, level);
  if (rule === R['attack-seen']) return afterAlert(had, hadLevel);
  const wasThrough = ruleDisposition[had] === Disposition.through;
  const isThrough = ruleDisposition[rule] === Disposition.through;
  if (wasThrough && isThrough) return level > hadLevel ? rule : had;
  if (isThrough) return hadLevel > level && saysNo(had) ? had : rule;
  if (wasThrough) return level > hadLevel && saysNo(rule) ? rule : had;
  if (ruleOpen[had]) return ruleOpen[rule] && level < hadLevel ? had : rule;
  if (ruleOpen[rule]) return had;
  if (level !== hadLevel) return level > hadLevel ? rule : had;
  return dispositionRank[ruleDisposition[rule]!]! < dispositionRank[ruleDisposition[had]!]! ? rule : had;
}

/** Whether the rule, of a line that knows more, clears a contact that came through by what a filter saw. */
function saysNo(rule: number): boolean {
  const disposition = ruleDisposition[rule]!;
  const isCleared =
    disposition === Disposition.refused ||
    disposition === Disposition.blocked ||
    disposition === Disposition.authorised;
  return isCleared && !ruleOpen[rule];
}

/** An alert says that the contact carried attack content, and another line, before or after, what it got. */
function afterAlert(rule: number, level: number): number {
  if (rule === R['attack-seen']) return rule;
  const disposition = ruleDisposition[rule]!;
  if (disposition === Disposition.through) return rule;
  if (rule === R['attack-blocked'] || disposition === Disposition.blocked) return R['attack-blocked'];
  if (disposition === Disposition.refused)
    return rule === R['web-our-error'] ? R['attack-open'] : R['attack-refused'];
  if (level === 2 && (rule === R['web-served'] || rule === R['web-authorised'])) return R['attack-answered'];
  return R['attack-seen'];
}
