-- Count answers by status in every thread, and print all of them as one line of JSON.

local threads = {}

function setup(thread)
  thread:set("number", #threads)
  table.insert(threads, thread)
end

function counting()
  statuses = {}
  exhausted = false
end

function response(status)
  local key = tostring(status)
  statuses[key] = (statuses[key] or 0) + 1
end

local function pairs_of(map)
  local parts = {}
  for key, value in pairs(map) do
    table.insert(parts, string.format('"%s": %d', key, value))
  end
  return "{" .. table.concat(parts, ", ") .. "}"
end

function done(summary, latency)
  local statuses, exhausted = {}, false
  for _, thread in ipairs(threads) do
    for status, count in pairs(thread:get("statuses")) do
      statuses[status] = (statuses[status] or 0) + count
    end
    exhausted = exhausted or thread:get("exhausted")
  end
  local errors = {
    connect = summary.errors.connect,
    read = summary.errors.read,
    write = summary.errors.write,
    timeout = summary.errors.timeout,
  }
  io.write(string.format(
    'bench: {"requests": %d, "microseconds": %d, "statuses": %s, "errors": %s, ' ..
    '"exhausted": %s, "p50": %d, "p95": %d, "p99": %d, "max": %d}\n',
    summary.requests, summary.duration, pairs_of(statuses), pairs_of(errors),
    tostring(exhausted), latency:percentile(50), latency:percentile(95),
    latency:percentile(99), latency.max))
end
