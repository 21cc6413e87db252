#!/usr/bin/env bash
# Prints a version's part of CHANGELOG.md. The tag, such as v0.2.0, must be the version in Cargo.toml.
set -euo pipefail
cd "$(dirname "$0")/.."

version="${1#v}"
built=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"$/\1/p' Cargo.toml)
if [ "$version" != "$built" ]; then
  echo "error: the tag is for version $version, but Cargo.toml has $built" >&2
  exit 1
fi
notes=$(awk -v head="## [$version]" 'index($0, "## [") == 1 { found = index($0, head) == 1; next } found' CHANGELOG.md)
if [ -z "$notes" ]; then
  echo "error: CHANGELOG.md has no part that begins with '## [$version]'" >&2
  exit 1
fi
printf '%s\n' "$notes"
