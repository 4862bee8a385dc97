import { useLayoutEffect, useRef } from "react"

// Space stands for rows that are out of sight. Sizes that change are set on the element itself: the content policy takes no style attribute.
export function Space({ height }: { height: number }) {
  const el = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    if (el.current) el.current.style.height = `${height}px`
  }, [height])
  return <div ref={el} role="presentation" />
}

// DropLine is where what is dragged would go, or why it cannot.
export function DropLine({ top, depth, no }: { top: number; depth: number; no: string | undefined }) {
  const el = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    el.current?.style.setProperty("top", `${top}px`)
    el.current?.style.setProperty("left", `${48 + depth * 19}px`)
  }, [top, depth])
  return (
    <div ref={el} className={`drop ${no ? "is-no" : ""}`} role="presentation">
      {no && <span className="drop-no">{no}</span>}
    </div>
  )
}
