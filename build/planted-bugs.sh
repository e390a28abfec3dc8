#!/usr/bin/env bash
# Plants each bug of build/planted-bugs.txt in a throw-away worktree of HEAD and runs the one test that must turn red.
#   build/planted-bugs.sh                   all: first every named test green without a bug, then one bug after the other
#   build/planted-bugs.sh --only NAME ...   these bugs alone, and the green run of their tests
#   build/planted-bugs.sh --list            their names
# PLANTED_RUN="nice -n 19" runs each build and test under that command. Ends with a markdown table; fails if a test stays green.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
list=$root/build/planted-bugs.txt
declare -A what test file old new sql
names=()

read_list() {
  local line name="" key value
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in "#"* | "") continue ;; esac
    key=${line%% *}
    value=${line#* }
    case $key in
      bug) name=$value; names+=("$name"); old[$name]=""; new[$name]=""; file[$name]=""; sql[$name]="" ;;
      what) what[$name]=$value ;;
      test) test[$name]=$value ;;
      file) file[$name]=$value ;;
      sql) sql[$name]=$value ;;
      -) old[$name]+=${old[$name]:+$'\n'}$value ;;
      +) new[$name]+=${new[$name]:+$'\n'}$value ;;
      *) echo "$list: '$line' is none of its words" >&2; exit 2 ;;
    esac
  done <"$list"
}

# plant NAME: edits the file, which must hold the text exactly once, and writes what the tests' database is to run.
plant() {
  local path=$copy/${file[$1]} text rest
  : >"$copy/out/planted.sql"
  if [ -n "${file[$1]}" ]; then
    text=$(<"$path")
    rest=${text#*"${old[$1]}"}
    if [ "$rest" = "$text" ] || [ "${rest#*"${old[$1]}"}" != "$rest" ]; then
      echo "$1: the text is not exactly once in ${file[$1]}" >&2
      return 1
    fi
    printf '%s\n' "${text/"${old[$1]}"/"${new[$1]}"}" >"$path"
    case $path in *.sql) cp "$path" "$copy/out/planted.sql" ;; esac
  fi
  printf '\n%s;\n' "${sql[$1]:-SELECT 1}" >>"$copy/out/planted.sql"
}

build() { ${PLANTED_RUN:-} dotnet build "$copy/BillingPortal.Tests" -nologo -v q -clp:ErrorsOnly -p:RunAnalyzers=false -p:TreatWarningsAsErrors=false; }

run() { (cd "$copy" && ${PLANTED_RUN:-} dotnet test BillingPortal.Tests --no-build --nologo -v q --filter "$1" >"$copy/out/planted.log" 2>&1); }

read_list
case ${1:-} in
  --help | -h) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 0 ;;
  --list) printf '%s\n' "${names[@]}"; exit 0 ;;
  --only) shift; names=("$@") ;;
esac
for name in "${names[@]}"; do [ -n "${test[$name]:-}" ] || { echo "There is no planted bug '$name'." >&2; exit 2; }; done

copy=$(mktemp -d)/planted
trap 'git -C "$root" worktree remove --force "$copy" 2>/dev/null; rm -rf "$(dirname "$copy")"' EXIT
git -C "$root" worktree add --quiet --detach "$copy" HEAD
mkdir -p "$copy/out"
build

filter=""
for name in "${names[@]}"; do filter+="${filter:+|}FullyQualifiedName=${test[$name]}"; done
run "$filter" || { tail -40 "$copy/out/planted.log"; echo "A named test is red without any bug." >&2; exit 1; }
echo "All named tests are green without a bug."

status=0
table=$'| bug | what is wrong | test | it is |\n|---|---|---|---|'
for name in "${names[@]}"; do
  answer=red
  if ! plant "$name"; then
    answer="**cannot be planted**"
  elif case ${file[$name]} in "" | *.sql) false ;; *) ! build >"$copy/out/planted.log" ;; esac; then
    answer="**does not build**"
  elif PLANTED_SQL=$copy/out/planted.sql run "FullyQualifiedName=${test[$name]}"; then
    answer="**green**"
  elif ! grep -q "Failed:" "$copy/out/planted.log"; then
    answer="**was not run**"
  fi
  [ "$answer" = red ] || { status=1; tail -20 "$copy/out/planted.log"; }
  echo "$name: $answer"
  table+=$'\n'"| $name | ${what[$name]} | \`${test[$name]#BillingPortal.Tests.}\` | $answer |"
  git -C "$copy" checkout --quiet -- .
done
printf '\n%s\n' "$table"
exit $status
