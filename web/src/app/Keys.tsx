import { useRouterState } from "@tanstack/react-router"
import { t } from "../text"
import { Dialog } from "../ui/Dialog"
import { areasOn, chordsOf } from "../ui/keys"

// Keys are those of the page at hand, then those of every page, as the handlers know them.
export default function Keys({ onClose }: { onClose: () => void }) {
  const path = useRouterState({ select: (s) => s.location.pathname })
  return (
    <Dialog title={t("Keyboard")} open onClose={onClose}>
      <div className="keys">
        {areasOn(path).map((area) => (
          <section key={area.title}>
            <h3>{area.title}</h3>
            <dl>
              {area.rows.map((row) => (
                <div key={row.does} className="r">
                  <dt className="r r-1">
                    {chordsOf(row).map((chord) => (
                      <span key={chord.held.join()} className="chord">
                        {[...chord.held, ...chord.keys].map((k) => (
                          <kbd className="kbd" key={k}>
                            {k}
                          </kbd>
                        ))}
                      </span>
                    ))}
                  </dt>
                  <dd>{row.does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
