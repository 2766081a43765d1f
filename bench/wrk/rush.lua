-- People each ask for one place until they have it or are offered none.
-- Arguments: the folder of the crowd, the number of connections, the bearer token.
--
-- A thread has one connection, so that it knows whose answer it reads: it asks for the people of
-- FOLDER/crowd-N, one after the other, and writes what they are told to FOLDER/answers-N. A line of
-- people: serial, tab, slot, tab, the rest of the JSON body. A line of answers: serial, when it was
-- asked and answered (microseconds), status, code, slot. The last thread to end stops wrk.

dofile("report.lua")

local ffi = require("ffi")
ffi.cdef [[
  typedef struct { long seconds, microseconds; } moment;
  int gettimeofday(moment *now, void *zone);
  int getpid(void);
  int kill(int pid, int signal);
]]

local PATH = "/api/v1/bookings/"
local INTERRUPT = 2
-- Who finds the doors closed knocks again after so many milliseconds.
local KNOCK_AGAIN = 200
-- Somebody whom the alternatives have failed so often goes home.
local MOST_ATTEMPTS = 20

local folder, threads, token
-- Kept in memory: wrk takes no more than three file descriptors a connection.
local crowd, answers, person
local moment = ffi.new("moment")

local function now()
  ffi.C.gettimeofday(moment, nil)
  return tonumber(moment.seconds) * 1e6 + tonumber(moment.microseconds)
end

local function next_person()
  local line = table.remove(crowd)
  if line == nil then
    return nil
  end
  local serial, slot, body = line:match("^(%d+)\t(%d+)\t(.*)$")
  return { serial = serial, slot = slot, body = body, attempts = 0, pause = 0 }
end

function init(arguments)
  counting()
  folder, threads, token = arguments[1], tonumber(arguments[2]), arguments[3]
  math.randomseed(number)
  crowd, answers = {}, {}
  for line in io.lines(folder .. "/crowd-" .. number) do
    table.insert(crowd, line)
  end
  person = next_person()
end

function delay()
  return person.pause
end

function request()
  person.asked = now()
  return wrk.format("POST", PATH, {
    ["Host"] = wrk.headers["Host"],
    ["X-Forwarded-Proto"] = wrk.headers["X-Forwarded-Proto"],
    ["Content-Type"] = "application/json",
    ["Authorization"] = "Bearer " .. token,
    ["Idempotency-Key"] = "rush-" .. person.serial .. "-" .. person.slot,
  }, '{"slot": ' .. person.slot .. ", " .. person.body)
end

local function alternative(body)
  local offered = {}
  for id in (body:match('"alternatives": ?%[(.*)%]') or ""):gmatch('"id": ?(%d+)') do
    table.insert(offered, id)
  end
  return offered[math.random(math.max(#offered, 1))]
end

-- Whether this person asks again.
local function tries_again(code, body)
  person.attempts = person.attempts + 1
  person.pause = code == "slot_not_open" and KNOCK_AGAIN or 0
  if code == "slot_not_open" then
    return true
  end
  local other = code == "slot_full" and person.attempts < MOST_ATTEMPTS and alternative(body)
  person.slot = other or person.slot
  return other
end

local function all_have_ended()
  for each = 0, threads - 1 do
    local file = io.open(folder .. "/answers-" .. each)
    if file == nil then
      return false
    end
    file:close()
  end
  return true
end

local function go_home()
  local path = folder .. "/answers-" .. number
  local file = io.open(path .. ".part", "w")
  file:write(table.concat(answers))
  file:close()
  os.rename(path .. ".part", path)
  wrk.thread:stop()
  if all_have_ended() then
    ffi.C.kill(ffi.C.getpid(), INTERRUPT)
  end
end

local count = response
function response(status, _, body)
  local answered = now()
  count(status)
  local code = status == 201 and "booked" or body:match('"code": ?"([%w_]+)"') or "none"
  table.insert(answers, string.format("%s\t%.0f\t%.0f\t%d\t%s\t%s\n",
    person.serial, person.asked, answered, status, code, person.slot))
  if not tries_again(code, body) then
    local following = next_person()
    if following == nil then
      go_home()
    else
      person = following
    end
  end
end
