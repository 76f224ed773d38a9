# Reads task;step;threads;tool;milliseconds;note and prints a Markdown table of the fastest figures and their ratios.
{
  key = $1 ";" $2 ";" $3
  if (!(key in seen)) { seen[key] = 1; keys[++n] = key }
  if (!((key, $4) in best) || $5 < best[key, $4]) best[key, $4] = $5
  if ($6 != "") note[key, $4] = $6
  if ($4 != "plumb" && !((key, $4) in listed)) {
    listed[key, $4] = 1
    others[key] = others[key] (others[key] ? "," : "") $4
  }
}
function cell(key, tool) { return best[key, tool] " " (key ~ /peak MiB/ ? "MiB" : "ms") }
END {
  print "\n| problem | step | threads | Plumb | peer | | ratio | notes |"
  print "|---|---|---|---|---|---|---|---|"
  for (k = 1; k <= n; k++) {
    split(keys[k], part, ";")
    step = part[2]
    sub(/peak MiB/, "peak memory", step)
    count = split(others[keys[k]], tools, ",")
    if (count == 0) { count = 1; tools[1] = "" }
    for (i = 1; i <= count; i++) {
      tool = tools[i]
      own = ((keys[k], "plumb") in best)
      notes = own ? note[keys[k], "plumb"] : ""
      if (tool != "" && note[keys[k], tool] != "") notes = notes (notes != "" ? " / " : "") note[keys[k], tool]
      ratio = own && tool != "" ? sprintf("%.2f", best[keys[k], tool] / best[keys[k], "plumb"]) : ""
      printf "| %s | %s | %s | %s | %s | %s | %s | %s |\n", part[1], step, part[3],
        own ? cell(keys[k], "plumb") : "", tool, tool != "" ? cell(keys[k], tool) : "", ratio, notes
    }
  }
}
