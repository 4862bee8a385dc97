// The words of the server that stand for states and kinds, as a person reads them.
import { t } from "../text"

const words: Record<string, string> = {
  // how a run or a call ended
  succeeded: t("succeeded"),
  partial: t("partial"),
  failed: t("failed"),
  skipped: t("skipped"),
  running: t("running"),
  waiting: t("waiting"),
  done: t("done"),
  // what a processor, a link, a user, a key is
  enabled: t("enabled"),
  disabled: t("disabled"),
  suspended: t("suspended"),
  complete: t("complete"),
  incomplete: t("incomplete"),
  active: t("active"),
  invited: t("invited"),
  linked: t("linked"),
  ignored: t("ignored"),
  "not linked": t("not linked"),
  // what became of a record
  new: t("new"),
  changed: t("changed"),
  same: t("same"),
  // what a step did that wrote no record, and what it left alone
  defined: t("defined"),
  stopped: t("stopped"),
  answered: t("answered"),
  locked: t("locked"),
  left_alone: t("left alone"),
  // why a value could not be computed, or a step could not do its work
  missing_value: t("missing value"),
  wrong_kind: t("wrong kind"),
  unreadable: t("unreadable"),
  out_of_range: t("out of range"),
  division_by_zero: t("division by zero"),
  too_long: t("too long"),
  ends_before_start: t("ends before start"),
  personal_data: t("personal data"),
  limit: t("limit reached"),
  enrichment_failed: t("enrichment failed"),
  // why something ran
  live: t("live"),
  test: t("test"),
  replay: t("replay"),
  real: t("no test"),
  // which way a call went
  inbound: t("inbound"),
  outbound: t("outbound"),
  // roles
  owner: t("owner"),
  admin: t("administrator"),
  member: t("member"),
  viewer: t("viewer"),
  // things
  provider: t("provider"),
  source: t("source"),
  processor: t("processor"),
  link: t("link"),
  activity: t("activity"),
  sale: t("sale"),
  call: t("call"),
  period: t("period"),
  anonymous_activity: t("anonymous activity"),
  external_identity: t("external identity"),
  identity: t("external identity"),
  agent_identity: t("agent identity"),
  team_identity: t("team identity"),
  project_identity: t("project identity"),
  segment_identity: t("segment identity"),
  proposition_identity: t("proposition identity"),
  undo: t("undo"),
  user: t("user"),
  agent: t("agent"),
  team: t("team"),
  project: t("project"),
  segment: t("segment"),
  proposition: t("proposition"),
}

// word is what a person reads for a word of the server; one that is not known here stands as it came.
export function word(of: string): string {
  return words[of] ?? of.replaceAll("_", " ")
}

// capital is a text as it begins a line.
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

// heading is word as it begins a line.
export const heading = (of: string): string => capital(word(of))

const branches: Record<string, string> = { then: t("then"), else: t("else"), default: t("otherwise") }

// branchWord names a branch of a step; the cases of a switch have their numbers.
export const branchWord = (name: string): string => (/^\d+$/.test(name) ? t("case {n}", { n: name }) : (branches[name] ?? name))
