-- GET the addresses of a file in turn: a path, a tab, a cookie or nothing.
-- Argument: the file.

dofile("report.lua")

local questions, position

function init(arguments)
  counting()
  questions = {}
  for line in io.lines(arguments[1]) do
    local path, cookie = line:match("^([^\t]*)\t(.*)$")
    wrk.headers["Cookie"] = cookie ~= "" and cookie or nil
    table.insert(questions, wrk.format("GET", path))
  end
  -- The threads begin at different ones.
  position = number * math.floor(#questions / 2)
end

function request()
  position = position % #questions + 1
  return questions[position]
end
