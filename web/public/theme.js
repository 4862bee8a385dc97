// Sets the theme before the first paint: the one chosen here, else the system's.
;(() => {
  const chosen = localStorage.getItem("theme")
  const dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches)
  document.documentElement.dataset.theme = dark ? "dark" : "light"
})()
