import { t, tr } from "../text"
import { Icon } from "../ui/Icon"
import { Moment } from "../ui/Moment"
import type { Provider } from "./api"
import { leftAlone } from "./pause"

// Paused tells that what is fetched from a provider for specs fails, and when it is tried again.
export function Paused({ pause }: { pause: Provider["pause"] }) {
  if (!pause) return null
  const until = leftAlone(pause)
  return (
    <div className="banner warn" role="status">
      <Icon name="warnf" />
      <span>
        {t("{n, plural, one {# enrichment} other {# enrichments in a row}} could not be fetched: {why}.", { n: pause.failures, why: pause.why })}{" "}
        {until
          ? tr("It is left alone until <when></when>; then one is tried, and when that comes through what waits goes on.", {
              when: () => <Moment key="when" at={until} />,
            })
          : t("What waits for them is tried again.")}
      </span>
    </div>
  )
}
