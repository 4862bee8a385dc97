import type { Provider } from "./api"

// leftAlone says until when a provider is asked nothing; undefined: it is asked.
export function leftAlone(pause: Provider["pause"] | null, now = Date.now()): string | undefined {
  return pause?.until && Date.parse(pause.until) > now ? pause.until : undefined
}
