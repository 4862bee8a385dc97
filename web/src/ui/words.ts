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
  // why something ran
  live: t("live"),
  test: t("test"),
  replay: t("replay"),
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

// heading is word as it begins a line.
export function heading(of: string): string {
  const text = word(of)
  return text.charAt(0).toUpperCase() + text.slice(1)
}
