-- GET the address, again and again.

dofile("report.lua")

function init()
  counting()
end
