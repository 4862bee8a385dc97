import { heading } from "../ui/words"

const letters: Record<string, string> = { webhooks: "Wh" }

// ProviderTile stands for a vendor by two letters, never by its logo.
export function ProviderTile({ type, large }: { type: string; large?: boolean }) {
  return (
    <span className={`tile ${large ? "tile-lg" : ""}`} aria-hidden="true">
      {letters[type] ?? heading(type).slice(0, 2)}
    </span>
  )
}
