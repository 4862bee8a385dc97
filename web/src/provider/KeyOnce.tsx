import { CopyText } from "../ui/Copy"

// KeyOnce shows a key that is stored as a hash only and never comes back.
export function KeyOnce({ apiKey }: { apiKey: string }) {
  return (
    <div className="stack">
      <p className="t2">It is shown this once and stored as a hash. Paste it where the calls are made, as the header below.</p>
      <CopyText text={apiKey} label="the key" />
      <CopyText text={`Authorization: Bearer ${apiKey}`} label="the header" />
    </div>
  )
}
