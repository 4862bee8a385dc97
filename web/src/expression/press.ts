// What is shown only while the focus is somewhere changes the layout. While a button of the mouse is down nothing may move,
// or what was pressed is no longer below the pointer when the button comes up, and no click happens.
let down = false

if (typeof document !== "undefined") {
  document.addEventListener("pointerdown", () => (down = true), true)
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => (down = false), true)
}

// afterPress acts at once, or as soon as the button that is down has come up and its click is over. It gives what calls
// it off.
export function afterPress(act: () => void): () => void {
  if (!down) {
    act()
    return () => undefined
  }
  let timer: ReturnType<typeof setTimeout> | undefined
  const up = () => {
    timer = setTimeout(act)
  }
  document.addEventListener("pointerup", up, { once: true })
  document.addEventListener("pointercancel", up, { once: true })
  return () => {
    clearTimeout(timer)
    document.removeEventListener("pointerup", up)
    document.removeEventListener("pointercancel", up)
  }
}
