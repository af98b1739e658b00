# Sourced first: what follows needs arrays that may be empty, and coprocesses. macOS comes with 3.2.
if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 404)); then
  echo "${0##*/}: bash 4.4 or later is needed, this is $BASH_VERSION (on macOS: brew install bash)" >&2
  exit 1
fi
