-- POST each line of a file once: an idempotency key, a tab, a JSON body.
-- Arguments: the file, the number of threads, the bearer token.

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
  wrk.headers["Authorization"] = "Bearer " .. arguments[3]
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
  wrk.headers["Idempotency-Key"] = key
  return wrk.format("POST", nil, nil, body)
end
