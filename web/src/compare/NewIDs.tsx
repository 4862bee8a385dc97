import type { Of } from "../api/client"
import { t } from "../text"
import { CopyText } from "../ui/Copy"
import { Icon } from "../ui/Icon"

interface Props {
  processor: string
  groups: Pick<Of<"NewIDGroup">, "count">[] | null
  saved: boolean // what is tried is live already
}

// NewIDs says that records would be written under another external id, beside those that are there, and how these get the
// new one with their history.
export function NewIDs({ processor, groups, saved }: Props) {
  if ((groups ?? []).length === 0) return null
  return (
    <div className="banner warn new-ids" role="note">
      <Icon name="warnf" />
      <span>
        {saved
          ? t(
              "Records are written under a new external id, and those that are there stay beside them as duplicates: a re-key gives these the new id and keeps their history.",
            )
          : t(
              "Records would be written under a new external id, and those that are there would stay beside them as duplicates: once this is saved, a re-key gives these the new id and keeps their history.",
            )}
      </span>
      <CopyText text={`dealwright processor re-key ${processor} --preview`} label={t("the command that shows what a re-key would do")} />
    </div>
  )
}
