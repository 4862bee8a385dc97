import { t } from "../text"
import { CopyText } from "../ui/Copy"

const words: Record<string, string> = {
  activity: t("Activity"),
  sale: t("Sale"),
  call: t("Call"),
  period: t("Period"),
  anonymous_activity: t("Anonymous activity"),
}

// WebhookUrls lists the fixed entrances; a record kind that is switched off has none.
export function WebhookUrls({ urls }: { urls: Record<string, string> }) {
  const all = Object.entries(urls).filter(([, url]) => url)
  if (all.length === 0) return <p className="t2">{t("All record kinds are switched off, so there is no URL. Settings has them.")}</p>
  return (
    <dl className="urls">
      {all.map(([kind, url]) => (
        <div key={kind}>
          <dt>{words[kind] ?? kind}</dt>
          <dd>
            <CopyText text={url} label={t("the {kind} URL", { kind: (words[kind] ?? kind).toLowerCase() })} />
          </dd>
        </div>
      ))}
    </dl>
  )
}
