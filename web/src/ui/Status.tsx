import { Icon } from "./Icon"
import type { IconName } from "./icons"
import { word } from "./words"

type Tone = "ok" | "warn" | "bad" | "run" | "mute"

// Each state has its own outline and its word; colour only underlines it.
const states: Record<string, { icon: IconName; tone: Tone }> = {
  succeeded: { icon: "ok", tone: "ok" },
  partial: { icon: "partial", tone: "warn" },
  failed: { icon: "fail", tone: "bad" },
  skipped: { icon: "skip", tone: "mute" },
  running: { icon: "run", tone: "run" },
  waiting: { icon: "wait", tone: "mute" },
  done: { icon: "ok", tone: "ok" },
  enabled: { icon: "ok", tone: "ok" },
  disabled: { icon: "offi", tone: "mute" },
  suspended: { icon: "warnf", tone: "warn" },
  complete: { icon: "ok", tone: "ok" },
  incomplete: { icon: "warnf", tone: "warn" },
  active: { icon: "ok", tone: "ok" },
  invited: { icon: "wait", tone: "mute" },
  linked: { icon: "ok", tone: "ok" },
  ignored: { icon: "skip", tone: "mute" },
  "not linked": { icon: "wait", tone: "mute" },
}

export function Status({ is, children }: { is: string; children?: React.ReactNode }) {
  const state = states[is] ?? { icon: "info" as const, tone: "mute" as const }
  return (
    <span className={`st ${state.tone}`}>
      <Icon name={state.icon} className={is === "running" ? "spin" : ""} />
      {children ?? word(is)}
    </span>
  )
}
