-- POST each line of a file once, as pretix takes them: an idempotency key, a tab, a JSON body.
-- Arguments: the file, the number of threads, the token. wrk runs in the folder of report.lua.

dofile("report.lua")

local lines, position

function init(arguments)
  counting()
  lines, position = {}, 0
  local count = tonumber(arguments[2])
  local line_number = 0
  for line in io.lines(arguments[1]) do
    if line_number % count == number then
      table.insert(lines, line)
    end
    line_number = line_number + 1
  end
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Authorization"] = "Token " .. arguments[3]
end

function request()
  position = position + 1
  local line = lines[position]
  if line == nil then
    exhausted = true
    wrk.thread:stop()
    line = lines[1]
  end
  local key, body = line:match("^([^\t]*)\t(.*)$")
  wrk.headers["X-Idempotency-Key"] = key
  return wrk.format("POST", nil, nil, body)
end
