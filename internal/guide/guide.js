// What is nicer with a script: the theme, the search field on "/", a button that copies code. All pages read well without.
;(() => {
  const theme = document.querySelector(".theme")
  theme.hidden = false
  theme.addEventListener("click", () => {
    const to = document.documentElement.dataset.theme === "dark" ? "light" : "dark"
    document.documentElement.dataset.theme = to
    localStorage.setItem("theme", to)
  })
  const field = document.querySelector("input[type=search]")
  document.addEventListener("keydown", (e) => {
    if (e.key !== "/" || e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input, textarea")) return
    e.preventDefault()
    field.select()
  })
  if (!navigator.clipboard) return // not over plain HTTP
  for (const code of document.querySelectorAll('.code:not([data-kind="output"])')) {
    const button = document.createElement("button")
    button.type = "button"
    button.textContent = document.body.dataset.copy
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(code.querySelector("code").textContent)
      button.textContent = document.body.dataset.copied
      setTimeout(() => (button.textContent = document.body.dataset.copy), 2000)
    })
    code.append(button)
  }
})()
