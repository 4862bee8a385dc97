-- A session of somebody who writes a spec in Neovim: it writes down what the editor shows him, step by step, and what he
-- does about it. It is given the binary, the spec and the file to write to, as environment variables.
local program, spec, transcript = os.getenv("PROGRAM"), os.getenv("SPEC"), os.getenv("TRANSCRIPT")
local out = io.open(transcript, "w")
local patience = 30000 -- milliseconds; the server answers within a few

local function say(...) out:write(string.format(...), "\n") end

local function must(ok, what)
  if ok then return end
  say("FAILED: %s", what)
  out:close()
  vim.cmd("cquit 1")
end

vim.cmd("edit " .. spec)
local buffer = vim.api.nvim_get_current_buf()
local client = vim.lsp.start_client({ name = "dealwright", cmd = { program, "spec", "lsp" }, root_dir = vim.fn.getcwd() })
must(client, "the server does not start")
vim.lsp.buf_attach_client(buffer, client)

local function shown()
  local all = vim.diagnostic.get(buffer)
  table.sort(all, function(a, b) return a.lnum < b.lnum or a.lnum == b.lnum and a.col < b.col end)
  return all
end

local function see(count)
  must(vim.wait(patience, function() return #vim.diagnostic.get(buffer) == count end, 10),
    string.format("%d problems are awaited, and %d are there", count, #vim.diagnostic.get(buffer)))
  say("problems: %d", count)
  for _, d in ipairs(shown()) do
    local text = vim.api.nvim_buf_get_text(buffer, d.lnum, d.col, d.end_lnum, d.end_col, {})[1]
    say("  %d:%d %s `%s` %s", d.lnum + 1, d.col + 1, d.code, text, (d.message:gsub("\n.*", "")))
  end
end

local function ask(method, params)
  local answers, wrong = vim.lsp.buf_request_sync(buffer, method, params, patience)
  must(answers and answers[client] and not answers[client].error, method .. ": " .. vim.inspect(wrong or answers))
  return answers[client].result
end

-- go puts the cursor behind the first place that has a text.
local function go(text)
  for n, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
    local _, at = line:find(text, 1, true)
    if at then
      vim.api.nvim_win_set_cursor(0, { n, at })
      return { textDocument = vim.lsp.util.make_text_document_params(), position = { line = n - 1, character = vim.str_utfindex(line, at) } }
    end
  end
  must(false, "there is no " .. text)
end

local function complete(text, pick)
  local list = ask("textDocument/completion", go(text))
  for _, item in ipairs(list.items) do
    if item.label == pick then
      say("complete %s → %s: %s", text, item.label, item.detail or "")
      vim.lsp.util.apply_text_edits({ item.textEdit }, buffer, "utf-16")
      return
    end
  end
  must(false, "no completion is " .. pick)
end

see(4)
complete("event.user.la", "last_name")
local at = go("event.user.last_name")
vim.api.nvim_buf_set_text(buffer, at.position.line, #vim.fn.getline(at.position.line + 1), at.position.line, #vim.fn.getline(at.position.line + 1), { ")" })
see(3)
say("hover: %s", (ask("textDocument/hover", go("event.user.first")).contents.value:gsub("\n+", " ")))
local function mend()
  local d = shown()[1]
  local params = { textDocument = vim.lsp.util.make_text_document_params(), context = { diagnostics = {} } }
  params.range = { start = { line = d.lnum, character = d.col }, ["end"] = { line = d.lnum, character = d.col } }
  local action = ask("textDocument/codeAction", params)[1]
  must(action, "there is no fix for " .. d.message)
  say("fix: %s", action.title)
  vim.lsp.util.apply_workspace_edit(action.edit, "utf-16")
end
for left = 2, 0, -1 do
  mend()
  see(left)
end
vim.lsp.util.apply_text_edits(ask("textDocument/formatting", vim.lsp.util.make_formatting_params({})), buffer, "utf-16")
see(0)
say("the spec:")
for _, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do say("  %s", line) end
vim.lsp.stop_client(client)
must(vim.wait(patience, function() return vim.lsp.client_is_stopped(client) end, 10), "the server does not end")
say("the server has ended")
out:close()
vim.cmd("qall!")
