#!/usr/bin/env bash
# Ends a long run by SIGKILL at random moments, lets it go on with --resume, and compares with a run that nobody ended.
#   bench/kill_and_resume.sh HOTPROOF [TIMES [OPTIONS OF check...]]
# Exit status 1 if a resumed run says something else than the whole one.
set -u
hotproof=$1
times=${2:-50}
shift $(($# < 2 ? $# : 2))
model=("$@")
[ ${#model[@]} -gt 0 ] || model=(--engine explicit --blocks 3 --workers 2 --listeners 2 --readers 1 --property going-answered --no-merge)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What must be the same: verdicts, depths, counts.
told() {
  python3 - "$1" <<'PYTHON'
import json, sys
answer = json.load(open(sys.argv[1]))
counts = {k: answer["statistics"][k] for k in ("searches", "states", "transitions", "depth")}
print(counts, [(p["id"], p["verdict"], p["depth"]) for p in answer["properties"]])
PYTHON
}

begin=$(date +%s%N)
"$hotproof" check "${model[@]}" --format json -o "$work/whole.json" 2>/dev/null
milliseconds=$((($(date +%s%N) - begin) / 1000000))
whole=$(told "$work/whole.json")
echo "the whole run: $milliseconds ms, ${whole%%\}*}}"

wrong=0
resumed=0
for ((i = 1; i <= times; ++i)); do
  rm -rf "$work/kept"
  "$hotproof" check "${model[@]}" --checkpoint "$work/kept" --checkpoint-every 1 --format json -o "$work/part.json" \
    >/dev/null 2>&1 &
  process=$!
  moment=$(((RANDOM * 32768 + RANDOM) % milliseconds))
  sleep "$(printf '%d.%03d' $((moment / 1000)) $((moment % 1000)))"
  kill -9 "$process" 2>/dev/null
  wait "$process" 2>/dev/null
  found=$(ls "$work/kept" 2>/dev/null | grep -c 'head$')
  [ "$found" -eq 0 ] || resumed=$((resumed + 1))
  "$hotproof" check "${model[@]}" --checkpoint "$work/kept" --resume --format json -o "$work/end.json" 2>/dev/null
  now=$(told "$work/end.json")
  if [ "$now" != "$whole" ]; then
    wrong=$((wrong + 1))
    echo "killed after $moment ms: $now"
  fi
done
echo "killed $times times, $resumed of them with a checkpoint to go on from: $wrong differ"
[ "$wrong" -eq 0 ]
