-- What `wrk` sends and what it counts as right. Arguments after `--`, each as name=value:
--   method   GET unless told                    body     `{}` in it stands for one line of `lines`
--   lines    a file, one value a line           mode     cycle (default): over and over; once: stop after the last;
--                                                        requeue: what `capture` finds in an answer is sent later
--   ok       pattern that a right answer has    capture  pattern with one group
--   out      file to write captures to          h:NAME   a request header
--   header   the request header whose value is the line, instead of a place in the body
-- wrk runs `setup` and `done` in one Lua state and the rest in the state of each thread; use one thread.

local option = { mode = "cycle", method = "GET" }
local lines, first, last, fillers = {}, 1, 0, 0
local out, thread
good, bad, first_bad = 0, 0, "" -- global: `done` reads them

function setup(t)
  thread = t
end

function init(args)
  for _, arg in ipairs(args) do
    local name, value = arg:match("^([^=]+)=(.*)$")
    local header = name:match("^h:(.*)$")
    if header then wrk.headers[header] = value else option[name] = value end
  end
  if option.lines then
    for line in io.lines(option.lines) do
      last = last + 1
      lines[last] = line
    end
  end
  if option.out then out = assert(io.open(option.out, "w")) end
  -- Without lines every request is the same and nothing has to be looked at: let wrk do it at full speed.
  if not option.lines and not option.ok and not option.capture then
    response = nil
    wrk.method, wrk.body = option.method, option.body
    local fixed = wrk.format()
    request = function() return fixed end
  end
end

function request()
  local body = option.body
  if option.lines then
    local line = lines[first]
    if not line then return wrk.format("GET", "/health", {}) end -- used up; `response` stops the run
    if option.mode ~= "cycle" then lines[first] = nil end
    first = first + 1
    if option.mode == "cycle" and first > last then first = 1 end
    if option.header then
      wrk.headers[option.header] = line
    else
      local at, to = body:find("{}", 1, true)
      body = body:sub(1, at - 1) .. line .. body:sub(to + 1)
    end
  end
  return wrk.format(option.method, nil, nil, body)
end

function response(status, _, body)
  local found = option.capture and body:match(option.capture)
  local right = status == 200 and (not option.ok or body:find(option.ok) ~= nil) and (not option.capture or found ~= nil)
  local spent = option.lines and not lines[first]
  if right then
    good = good + 1
  elseif not spent then
    bad = bad + 1
    if first_bad == "" then first_bad = status .. " " .. body:gsub("%s+", " "):sub(1, 200) end
  end
  if found then
    if out then out:write(found, "\n") end
    if option.mode == "requeue" then
      last = last + 1
      lines[last] = found
      spent = false
    end
  end
  -- The last lines are still under way when the queue is empty: stop after their answers. wrk sleeps until its time is
  -- over all the same, so the harness, which reads this word, interrupts it.
  if spent then
    fillers = fillers + 1
    if good + bad >= last or fillers > 1000 then
      if out then out:flush() end
      io.stderr:write("SPENT\n")
      wrk.thread:stop()
    end
  end
end

function done(summary, latency)
  local right, wrong = thread:get("good"), thread:get("bad")
  if right + wrong == 0 then
    wrong = summary.errors.status
    right = summary.requests - wrong
  end
  local broken = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format("RESULT %d %d %d %.4f %.3f %.3f %s\n", right, wrong, broken, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, thread:get("first_bad") or ""))
end
